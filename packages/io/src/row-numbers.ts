/** What pandas and R call the labels of rows that have no name of their own. */
const LABELS = /^(|unnamed: ?\d+(\.\d+)*|__index_level_\d+__)$/i;
/** Names under which rows are counted. */
const COUNTERS =
  /^(#|n[or]\.?|index|idx|_?row(s|_?(num|number|names?|index|nr))?|rownum|level_\d+|_index|obs(ervation)?|record|case|sample|subject)$/i;
/** Names of what tells rows apart. */
const IDENTIFIERS = /^(id|objectid|fid|oid|gid|uid)$|[_\-. ](id|no|nr)$/i;
const IDENTIFIERS_IN_CASE = /[a-z]I[dD]$|[a-z]No$/;

/** Fewer rows count nothing. */
const FEWEST = 3;
/** A sample may have a gap between its parts. */
const MOST_GAPS = 7;

/** What is known of a column of whole numbers as a number of the row: that it is one; that it may be; nothing. */
export type RowNumbers = "number" | "identifier" | "none";

/**
 * Whether a column only tells the rows apart. Under a name that says so the numbers must count them, one by one; without a
 * name, where others have one, it is enough that none comes twice, or that they begin anew, as those of tables joined do.
 * in: name, "" where the file has names but none for it; values, from the first row on, gaps between parts of a sample
 * allowed
 */
export function rowNumbersIn(name: string, values: readonly number[]): RowNumbers {
  const trimmed = name.trim();
  const label = LABELS.test(trimmed);
  const identifier = IDENTIFIERS.test(trimmed) || IDENTIFIERS_IN_CASE.test(trimmed);
  if (!label && !identifier && !COUNTERS.test(trimmed)) return "none";
  if (values.length < FEWEST || !values.every(Number.isInteger)) return "none";
  if (counts(values, identifier)) return "number";
  if (label && values.every((value) => value >= 0) && (isDistinct(values) || beginsAnew(values))) return "number";
  return identifier && isDistinct(values) ? "identifier" : "none";
}

/** in: anywhere, whether they may begin anywhere, not at 0 or 1 alone */
function counts(values: readonly number[], anywhere: boolean): boolean {
  if (!anywhere && values[0] !== 0 && values[0] !== 1) return false;
  let gaps = 0;
  for (let row = 1; row < values.length; row++) {
    const step = values[row] - values[row - 1];
    if (step < 1) return false;
    if (step > 1) gaps++;
  }
  return gaps <= MOST_GAPS && values[1] - values[0] === 1 && values[2] - values[1] === 1;
}

function isDistinct(values: readonly number[]): boolean {
  return new Set(values).size === values.length;
}

function beginsAnew(values: readonly number[]): boolean {
  return values.every((value, row) => row === 0 || value === values[0] || value === values[row - 1] + 1);
}
