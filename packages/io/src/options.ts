import {
  type Dtype,
  invalidOption,
  type MissingOption,
  type OptionRow,
  type OptionTable,
  oneOf,
  requireBoolean,
  requireInteger,
} from "@emix/core";
import { FILE_FORMATS, type FileFormat } from "./format-names.ts";
import type { ReadStep } from "./input/meter.ts";
import { THOUSANDS } from "./text/numbers.ts";
import { MISSING_TOKENS } from "./text/options.ts";

type Check = OptionRow["check"];

/** How a text is written, as far as it is known. */
export type TextDialect = Pick<FileOptions, (typeof TEXT_OPTIONS)[number]>;

/** Options that only apply to text. */
export const TEXT_OPTIONS = ["delimiter", "decimal", "thousands", "header", "na", "comment", "skip"] as const;

/** How to read points from a file. */
export interface FileOptions {
  /** Default: by the file's ending; standard input and pipes: by their first bytes. */
  readonly format?: FileFormat;
  /**
   * The features, in order: a column's name, a pattern such as `sensor_*`, `-name` to leave columns out, `name[3]` for an
   * element of a column of lists, or `name=SQL`, an expression of DuckDB over the file's columns such as
   * `hour=hour("date")`. Columns of an .npy file are x0, x1, … Default: every column of numbers, truth values (0 and 1)
   * and lists of numbers, but those that only count the rows.
   */
  readonly columns?: readonly string[];
  /** The points' weights: a column as above. Default: every point weighs 1. */
  readonly weightColumn?: string;
  /**
   * What a row without a finite number in every chosen column means: an error, or a row to leave out. Results then have
   * an entry for every row of the file, −1 or NaN for those left out. Default "error".
   */
  readonly missing?: MissingOption;
  /** How points are stored. Default: f32 where all chosen columns of the file are, else f64. */
  readonly dtype?: Dtype;
  /** Reads at most this many rows. */
  readonly limit?: number;
  /** The separator of fields in a text: one character, or " " for runs of blanks. Default: detected. */
  readonly delimiter?: string;
  /** The decimal sign of a text: "." or ",". Default: detected. */
  readonly decimal?: string;
  /** The separator of thousands in a text; "" for none. Default: detected. */
  readonly thousands?: string;
  /** Whether a text's first record names its columns. Default: detected. */
  readonly header?: boolean;
  /**
   * Texts that mean a missing value, as an empty field always does. Default: NA, NaN, None, null, a point, ?,
   * \N, #N/A and the like, and the errors of Excel.
   */
  readonly na?: readonly string[];
  /** Skips lines of a text that start with this character. Default: # or % if the first line starts with it. */
  readonly comment?: string;
  /** Skips this many lines at the start of a text. Default 0. */
  readonly skip?: number;
  /**
   * How a similar text was read. It is used as if it had been given, under any option that is given, but only if it explains
   * this text; `reading.like` says whether it was used.
   */
  readonly like?: TextDialect;
  /** A SELECT whose result is read instead of the file, which is its table `data`. It must be the caller's own SQL. */
  readonly query?: string;
  /** Whether expressions and `query` are allowed; false: names of columns only. Default true. */
  readonly sql?: boolean;
  /** Of an .npz file with several arrays: the one to read. */
  readonly array?: string;
  /** Bytes that a database may take to read the file, besides the points. Default 512,000,000. */
  readonly memoryLimit?: number;
  /** Stops reading: it then fails with ABORTED. */
  readonly signal?: AbortSignal;
  /** Called now and then with how far reading has come, at most twenty times a second. What it throws ends reading. */
  readonly onProgress?: (step: ReadStep) => void;
}

/** The options of files, as those of a fit: one row each, from which the checks and the command's flags come. */
export const FILE_OPTIONS: OptionTable<FileOptions> = {
  format: row("format of the file", "by the ending", oneOf(FILE_FORMATS), "--format", "<name>"),
  columns: {
    shownDefault: "all of numbers",
    check: requireNames,
    meaning:
      "a column to use: its name, a pattern such as sensor_*, -name to leave out, or name=<SQL expression>; repeat for more",
    flags: [{ name: "-c, --column", argument: "<name>" }],
  },
  weightColumn: row(
    "the column that holds the weight of each point",
    "",
    { check: requireText },
    "-w, --weights",
    "<column>",
  ),
  missing: {
    default: "error",
    ...oneOf(["error", "drop"]),
    meaning: "rows that lack a number: refuse the file, or leave them out",
    flags: [{ name: "--missing", argument: "<policy>" }],
  },
  dtype: {
    shownDefault: "f64, f32 where the file's numbers are",
    ...oneOf(["f64", "f32"]),
    meaning: "how points are stored",
  },
  limit: row(
    "read at most this many rows",
    "",
    { check: (name, value) => requireInteger(name, value, 1) },
    "--limit",
    "<rows>",
    Number,
  ),
  delimiter: row(
    'separator of fields: one character, tab, or " " for runs of blanks',
    "detected",
    { check: requireDelimiter },
    "--delimiter",
    "<character>",
    tabIn,
  ),
  decimal: row("the decimal sign", "detected", oneOf([".", ","]), "--decimal", "<sign>"),
  thousands: row("separator of thousands", "detected", { check: requireThousands }, "--thousands", "<sign>"),
  header: {
    shownDefault: "detected",
    check: requireBoolean,
    meaning: "whether the first record names the columns",
  },
  na: {
    shownDefault: MISSING_TOKENS.join(" "),
    check: requireTexts,
    meaning: "text that means a missing value; repeat for more. An empty field always does",
    flags: [{ name: "--na", argument: "<token>" }],
  },
  comment: row(
    "skip lines that start with this character",
    "# or % if the first line starts with it",
    { check: requireCharacter },
    "--comment",
    "<character>",
  ),
  skip: row(
    "skip this many lines at the start",
    "0",
    { check: (name, value) => requireInteger(name, value, 0) },
    "--skip",
    "<lines>",
    Number,
  ),
  like: { shownDefault: "none", check: requireDialect, meaning: "how a similar text was read" },
  query: row(
    "read the result of this SELECT, in which the file is the table data; no other file can be read",
    "",
    { check: requireText },
    "--query",
    "<sql>",
  ),
  sql: { default: true, check: requireBoolean, meaning: "whether expressions and `query` are allowed" },
  array: row("the array of an .npz file to read", "the only one", { check: requireText }, "--array", "<name>"),
  memoryLimit: {
    default: 512_000_000,
    check: (name, value) => requireInteger(name, value, 1 << 24),
    meaning: "bytes that a database may take",
  },
  signal: { shownDefault: "none", check: requireSignal, meaning: "stops reading" },
  onProgress: { shownDefault: "none", check: requireFunction, meaning: "called with how far reading has come" },
};

function row(
  meaning: string,
  shownDefault: string,
  judged: { readonly check: Check; readonly choices?: readonly string[] },
  ...[name, argument, parse]: [name: string, argument: string, parse?: (text: string) => unknown]
): OptionRow<never> {
  return { shownDefault, ...judged, meaning, flags: [{ name, argument, ...(parse && { parse }) }] } as OptionRow<never>;
}

/** A tab as people write it on a command line. */
function tabIn(text: string): string {
  return /^(\\t|tab)$/i.test(text) ? "\t" : text;
}

function requireNames(name: string, value: unknown): void {
  const names = Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");
  if (!names) throw invalidOption(name, "an array of at least one column name", value);
}

function requireTexts(name: string, value: unknown): void {
  const texts = Array.isArray(value) && value.every((each) => typeof each === "string");
  if (!texts) throw invalidOption(name, "an array of texts", value);
}

function requireText(name: string, value: unknown): void {
  if (typeof value !== "string" || value === "") throw invalidOption(name, "a text", value);
}

function requireDialect(name: string, value: unknown): void {
  if (typeof value !== "object" || value === null) throw invalidOption(name, "an object", value);
  for (const [option, given] of Object.entries(value)) {
    const known = TEXT_OPTIONS.find((each) => each === option);
    if (known === undefined) throw invalidOption(name, `an object of ${TEXT_OPTIONS.join(", ")}`, value);
    FILE_OPTIONS[known].check(`${name}.${option}`, given);
  }
}

function requireCharacter(name: string, value: unknown): void {
  if (typeof value !== "string" || !/^[\x20-\x7e]?$/.test(value))
    throw invalidOption(name, "one ASCII character", value);
}

function requireDelimiter(name: string, value: unknown): void {
  if (typeof value !== "string" || !/^[\x20-\x7e\t]$/.test(value) || /["\dA-Za-z.+-]/.test(value)) {
    throw invalidOption(name, 'one ASCII character that is no letter, digit or quote (" " for runs of blanks)', value);
  }
}

function requireThousands(name: string, value: unknown): void {
  if (value !== "" && !THOUSANDS.includes(value as string)) {
    throw invalidOption(name, `one of ${THOUSANDS.map((sign) => JSON.stringify(sign)).join(" ")}, or empty`, value);
  }
}

function requireFunction(name: string, value: unknown): void {
  if (typeof value !== "function") throw invalidOption(name, "a function", value);
}

function requireSignal(name: string, value: unknown): void {
  if (!(value instanceof AbortSignal)) throw invalidOption(name, "an AbortSignal", value);
}
