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

/** What stands for no value. An empty field always does. */
export const MISSING_TOKENS: readonly string[] = ["NA", "N/A", "NaN", "nan", "null", "NULL", "?", "\\N", "#N/A"];

export function missingTokens({ na }: Pick<TextOptions, "na">): ReadonlySet<string> {
  return new Set(["", ...(na ?? MISSING_TOKENS)]);
}
