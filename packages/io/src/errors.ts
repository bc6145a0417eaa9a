import { EmixError, type ErrorDetails } from "@emix/core";

// Every message of io is built here: what was expected, what came, what to do; one line each.
// Rows are counted from 1, without a header; lines from 1, header and blank lines included.

export function fileNotFound(path: string): EmixError {
  return new EmixError("FILE_NOT_FOUND", `Expected a file at ${path}, found none; check the path.`, { path });
}

export function badFile(path: string, problem: string, details: ErrorDetails = {}, cause?: unknown): EmixError {
  return new EmixError("BAD_FILE", oneLine(`Cannot read ${path}: ${problem}.`), { path, ...details }, cause);
}

/** in: readings, each way to read the line shown, and the option that chooses it */
export function ambiguousFile(
  path: string,
  line: number,
  readings: readonly { readonly shown: string; readonly choose: string }[],
): EmixError {
  const ways = readings.map(({ shown, choose }) => `${shown} (${choose})`).join(" or ");
  return new EmixError(
    "AMBIGUOUS_FILE",
    oneLine(`Expected one way to read ${path}, got ${readings.length}: line ${line} is ${ways}; say which.`),
    { path, line, readings },
  );
}

/** A text where a number should be. */
export function badText(path: string, line: number, column: string, value: string, expected = "a number"): EmixError {
  const shown = JSON.stringify(value.length <= 40 ? value : `${value.slice(0, 39)}…`);
  return badFile(
    path,
    `expected ${expected}, got ${shown} in line ${line}, column ${JSON.stringify(column)}; correct it, leave the column out, or name it in \`na\` if it stands for no value`,
    { line, column, value },
  );
}

export function strayQuote(path: string, line: number): EmixError {
  return badFile(path, `line ${line} has a stray quote, or one that is never closed`, { line });
}

/** in: bytes, how many were looked at */
export function endlessLine(path: string, bytes: number): EmixError {
  const problem = `no row of values ends within its first ${bytes} bytes; check that it is a text of numbers`;
  return badFile(path, problem, { bytes });
}

/** A header between the rows, as where files were joined. */
export function repeatedNames(path: string, line: number, value: string): EmixError {
  const problem = `line ${line} has the names of the columns again; take it out`;
  return badFile(path, problem, { line, value });
}

/** A file that is read from a copy, which could not be written. */
export function notSpooled(path: string, folder: string, cause: Error): EmixError {
  return new EmixError(
    "STORAGE_FAILED",
    oneLine(
      `Could not copy ${path} to ${folder} (${cause.message}); make room there, or name another folder in TMPDIR.`,
    ),
    { path, folder },
    cause,
  );
}

export function abortedReading(path: string): EmixError {
  return new EmixError("ABORTED", `Reading ${path} was stopped by its signal.`, { path });
}

/** What to do with files of other programs, by their endings. */
const ADVICE: readonly (readonly [endings: RegExp, advice: string])[] = [
  [/\.(xlsx?|ods|numbers)$/i, "save the sheet as CSV"],
  [
    /\.(geo)?json$/i,
    "write an object a line to a .ndjson, as `jq -c '.[]'` or to_json(orient=\"records\", lines=True) does",
  ],
  [/\.(bz2|xz|zip|7z|lz4|br|tar|tgz)$/i, "unpack it"],
  [/\.(pkl|pickle|joblib|pt|h5|hdf5?|mat|nc)$/i, "save the numbers as .npy, as numpy.save does"],
  [/\.(rds|rda|rdata|sav|dta|sas7bdat|xpt|avro|orc)$/i, "save the table as CSV or Parquet"],
];

export function unknownFormat(path: string, extensions: readonly string[], formats: readonly string[]): EmixError {
  const known = ADVICE.find(([endings]) => endings.test(path))?.[1];
  const advice = known ?? `rename it or name its \`format\` (${formats.join(", ")})`;
  return new EmixError(
    "UNKNOWN_FORMAT",
    `Expected a file name ending in ${extensions.join(", ")}, got ${path}; ${advice}.`,
    { path, extensions },
  );
}

/** Points that an engine saved are no rows any more. */
export function savedPoints(path: string): EmixError {
  return new EmixError(
    "UNKNOWN_FORMAT",
    `Expected a file of rows, got the saved points ${path}; name the file that they come from.`,
    { path },
  );
}

export function unknownTableFormat(path: string, extensions: readonly string[]): EmixError {
  return new EmixError(
    "UNKNOWN_FORMAT",
    `Expected the name of an output file to end in ${extensions.join(", ")}, got ${path}; rename it.`,
    { path, extensions },
  );
}

export function unknownColumn(path: string, name: string, known: readonly string[], guess: string | null): EmixError {
  const parts = name.split(",").map((part) => part.trim());
  const several = parts.length > 1 && parts.every((part) => known.includes(part));
  const each = parts.map((part) => `\`columns\` ${JSON.stringify(part)}`).join(" ");
  const meant = guess === null ? "" : ` Did you mean ${JSON.stringify(guess)}?`;
  const hint = several ? ` Give each by itself: ${each}.` : meant;
  return new EmixError(
    "UNKNOWN_COLUMN",
    oneLine(`Expected a column of ${path}, got ${JSON.stringify(name)}; its columns are ${listNames(known)}.${hint}`),
    { path, column: name, known, guess },
  );
}

export function emptyFile(path: string): EmixError {
  return new EmixError("EMPTY_DATA", `Expected at least one row in ${path}, got an empty file; check it.`, { path });
}

/** in: found, each column and why it holds no numbers */
export function noNumericColumns(path: string, known: readonly string[], found: readonly string[]): EmixError {
  const words = found.length === 0 ? "none" : shortList(found);
  return badFile(path, `expected at least one column of numbers, found ${words}; name \`columns\` to use`, { known });
}

/** A column that holds no numbers. */
interface NotNumeric {
  readonly name: string;
  readonly type: string;
  readonly example?: string;
  /** what would make numbers of it, its name between backticks; "": nothing would */
  readonly option?: string;
}

export function notNumeric(path: string, { name: column, type, example = "", option = "" }: NotNumeric): EmixError {
  const shown = example === "" ? "" : ` (e.g. ${JSON.stringify(example.slice(0, 40))})`;
  const advice = option === "" ? "leave it out or derive a number from it with name=SQL" : `${option} reads it`;
  return new EmixError(
    "INVALID_OPTION",
    oneLine(
      `Expected \`columns\` to hold numbers, got ${type}${shown} for ${JSON.stringify(column)} of ${path}; ${advice}.`,
    ),
    { option: "columns", path, column, type },
  );
}

export function sqlRefused(given: string): EmixError {
  return new EmixError(
    "INVALID_OPTION",
    oneLine(`Expected names of columns only, as \`sql\` is false, got ${JSON.stringify(given)}; name a column.`),
    { option: "columns", column: given },
  );
}

export function badQuery(path: string, problem: string, cause?: unknown): EmixError {
  return new EmixError(
    "INVALID_OPTION",
    oneLine(`Expected \`query\` to be one SELECT over the table data (${path}): ${problem}.`),
    { option: "query", path },
    cause,
  );
}

/** An array that an .npz file does not hold, or none where it holds several. */
export function unknownArray(path: string, names: readonly string[], got: string | undefined): EmixError {
  const problem = got === undefined ? "got none" : `got ${JSON.stringify(got)}`;
  return new EmixError(
    "INVALID_OPTION",
    oneLine(`Expected \`array\` to be one of those of ${path} (${shortList(names)}), ${problem}.`),
    { option: "array", path, known: names },
  );
}

/** An option that a format has no use for. */
export function unusedOption(option: string, format: string): EmixError {
  const use = option === "array" ? "an .npz file" : "a text";
  return new EmixError(
    "INVALID_OPTION",
    `Expected \`${option}\` with ${use} only, got it with ${format}; leave it out.`,
    {
      option,
      format,
    },
  );
}

export function repeatedColumn(name: string): EmixError {
  return new EmixError(
    "INVALID_OPTION",
    oneLine(
      `Expected every column in \`columns\` and \`weightColumn\` once, got ${JSON.stringify(name)} twice; leave one out.`,
    ),
    { option: "columns", column: name },
  );
}

export function badExpression(column: string, problem: string, cause?: unknown): EmixError {
  return new EmixError(
    "INVALID_OPTION",
    oneLine(
      `Expected \`columns\` of the form name or name=SQL giving one number a row, got ${JSON.stringify(column)}: ${problem}.`,
    ),
    { option: "columns", column },
    cause,
  );
}

export function memoryExhausted(path: string, cause: unknown): EmixError {
  return new EmixError(
    "ALLOCATION_FAILED",
    `Reading ${path} needs more memory than \`memoryLimit\` lets a database take; raise it, choose fewer columns, or write the file in smaller row groups.`,
    { path },
    cause,
  );
}

/** Names as they should stand in a message: quoted, at most twenty. */
function listNames(names: readonly string[]): string {
  return names.length === 0 ? "(none)" : shortList(names.map((name) => JSON.stringify(name)));
}

function shortList(words: readonly string[]): string {
  return words.slice(0, 20).join(", ") + (words.length > 20 ? `, … (${words.length} in all)` : "");
}

const LONGEST = 600;

/** A text without line breaks, and without what moves the cursor of a terminal or colours it. */
export function printable(text: string): string {
  return text.replace(/\s+/g, " ").replace(/\p{Cc}/gu, "\ufffd");
}

/** Keeps a message on one line and within reason, whatever a file put into it. */
export function oneLine(message: string): string {
  const flat = printable(message).trim();
  return flat.length <= LONGEST ? flat : `${flat.slice(0, LONGEST - 1)}…`;
}
