/**
 * The functions that an expression over columns may call: each gives one value for each row, touches nothing but its
 * arguments, and makes nothing much larger than they are.
 */
export const FUNCTIONS: ReadonlySet<string> = new Set(
  `+ - * / // % ** ^ @ & | << >> ~ || ~~ !~~ ~~* !~~* ~~~ ^@
  abs acos acosh asin asinh atan atan2 atanh bit_count cbrt ceil ceiling cos cosh cot degrees even exp floor fdiv fmod gamma gcd
  greatest isfinite isinf isnan lcm least lgamma ln log log10 log2 mod nextafter nullif pi pow power radians round sign signbit sin sinh
  sqrt tan tanh trunc add subtract multiply divide xor if ifnull
  century date_diff datediff date_part datepart date_sub datesub date_trunc datetrunc day dayofmonth dayofweek dayofyear
  decade epoch epoch_ms epoch_ns epoch_us era hour isodow isoyear julian last_day make_date make_time make_timestamp
  microsecond millennium millisecond minute month nanosecond quarter second strptime try_strptime time_bucket timezone
  week weekday weekofyear year yearweek to_timestamp to_years to_months to_weeks to_days to_hours to_minutes to_seconds
  ascii ord unicode bit_length char_length character_length len length strlen contains starts_with ends_with prefix suffix
  instr position strpos lower upper lcase ucase trim ltrim rtrim left right substring substr concat replace regexp_replace
  regexp_extract regexp_matches regexp_full_match levenshtein hamming jaccard jaro_similarity jaro_winkler_similarity
  array_extract list_extract list_element struct_extract array_length list_sum list_avg list_min list_max list_product
  list_var_pop list_stddev_pop list_median list_count list_distance list_cosine_similarity list_cosine_distance
  list_inner_product list_dot_product array_distance array_cosine_similarity array_inner_product`
    .split(/\s+/)
    .filter(Boolean),
);

/** Those that put something in place of a part: at most one character, so that a text does not grow. */
export const REPLACING: ReadonlySet<string> = new Set(["replace", "regexp_replace"]);

/** Types that an expression may cast to. */
export const CAST_TYPES: ReadonlySet<string> = new Set(
  `BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT FLOAT DOUBLE DECIMAL
  DATE TIME TIMESTAMP TIMESTAMP_S TIMESTAMP_MS TIMESTAMP_NS INTERVAL VARCHAR`
    .split(/\s+/)
    .filter(Boolean)
    .concat("TIMESTAMP WITH TIME ZONE", "TIME WITH TIME ZONE"),
);

/** Operators of the parser's tree. */
export const OPERATORS: ReadonlySet<string> = new Set(
  `COMPARE_IN COMPARE_NOT_IN OPERATOR_NOT OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_COALESCE OPERATOR_TRY
  ARRAY_EXTRACT STRUCT_EXTRACT`
    .split(/\s+/)
    .filter(Boolean),
);
