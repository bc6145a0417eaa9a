/** How a text is to be read, as far as the caller says; undefined: seen from the text. */
export interface TextOptions {
  readonly delimiter: string | undefined;
  readonly decimal: string | undefined;
  readonly thousands: string | undefined;
  readonly header: boolean | undefined;
  readonly na: readonly string[] | undefined;
  readonly comment: string | undefined;
  readonly skip: number | undefined;
}

/** What stands for no value in R, pandas, SAS and Stata, SQL and Excel. An empty field always does. */
export const MISSING_TOKENS: readonly string[] =
  "NA N/A n/a #N/A #NA <NA> NaN nan None null NULL \\N . ? 1.#QNAN -1.#IND #DIV/0! #VALUE! #REF! #NUM! #NULL! #NAME?".split(
    " ",
  );

export function missingTokens({ na }: Pick<TextOptions, "na">): ReadonlySet<string> {
  return new Set(["", ...(na ?? MISSING_TOKENS)]);
}
