import { defaultInWords, type Flag, type OptionRow } from "@emix/core";
import { FILE_OPTIONS, type FileOptions } from "@emix/io";
import type { StorageOption } from "@emix/workers";
import { type Command, InvalidArgumentError, Option } from "commander";

/** What the command line gives of the options of files, by the flags' names. */
export type InputFlags = Readonly<Record<string, unknown>> & {
  readonly header?: boolean;
  readonly f32?: boolean;
  readonly threads?: number;
  readonly storage?: StorageOption["storage"];
};

interface InputFlag {
  readonly name: keyof FileOptions;
  readonly option: Option;
}

/** Options that are lists: their flag is given once for each element. */
const LISTS: readonly string[] = ["columns", "na"];

const FLAGS: readonly InputFlag[] = (Object.entries(FILE_OPTIONS) as [keyof FileOptions, OptionRow][]).flatMap(
  ([name, row]) => (row.flags ?? []).map((flag) => ({ name, option: optionOf(name, row, flag) })),
);

function optionOf(name: string, row: OptionRow, flag: Flag): Option {
  const words = defaultInWords(row);
  const shown = [row.choices?.join(", "), words && `default: ${words}`].filter(Boolean);
  const option = new Option(
    `${flag.name} ${flag.argument}`,
    `${row.meaning}${shown.length === 0 ? "" : ` (${shown.join("; ")})`}`,
  );
  return option.argParser((text, before: unknown) => {
    const value = flag.parse?.(text) ?? text;
    const all = LISTS.includes(name) ? [...((before as unknown[] | undefined) ?? []), value] : value;
    row.check(name, all);
    return all;
  });
}

/** Gives a command the flags of all that read points: one for each option of files, except those in `without`. */
export function withInputOptions(command: Command, without: readonly (keyof FileOptions)[] = []): Command {
  for (const { name, option } of FLAGS) if (!without.includes(name)) command.addOption(option);
  return command
    .option("--header", "the first record names the columns (default: detected)")
    .option("--no-header", "the first record is data")
    .option("--f32", "store points in single precision; arithmetic stays double")
    .option("-t, --threads <count>", "worker threads (default: all cores); never changes the result", positiveInteger)
    .addHelpText("after", RULES);
}

/** How files are read, as the help says it. */
const RULES = `
How files are read:
  <file> may be a pattern in quotes ('data/*.csv'), for files with the same columns, or - for standard input.
  Text, CSV and the like (.csv .tsv .txt .dat), ndjson (.ndjson .jsonl), both also as .gz and .zst; Parquet, Arrow
  (.arrow .feather), .npy and .npz.
  Delimiter, decimal sign, thousands separator and header are detected from many rows. If two ways of reading explain the
  whole file, it is refused; the message shows both and names the flag that decides. A line on standard error says what
  was read.
  Columns of numbers are used; true and false count as 0 and 1, and lists of numbers become name[0], name[1], ...
  Text and dates are left out (the line says how to read dates), and so are columns that only number the rows: those that
  have no name where others have one, or that count the rows under a name such as id, index or row. -c uses them anyway.
  In a column that is mostly numbers, any other text is an error, which names the line.
  A point between digits is a decimal point, unless ; tab or | separates the fields and every number has groups of three.
`;

/** Flags that are on their way from the command line → options of `loadFile`, those alone that were given. */
export function fileOptionsOf(flags: InputFlags): FileOptions {
  const given: Record<string, unknown> = {};
  for (const { name, option } of FLAGS) {
    const value = flags[option.attributeName()];
    if (value !== undefined) given[name] = value;
  }
  if (flags.header !== undefined) given.header = flags.header;
  if (flags.f32) given.dtype = "f32";
  return given;
}

/** Where points are kept, if the command line says so. */
export function storageIn({ storage }: InputFlags): StorageOption {
  return storage === undefined ? {} : { storage };
}

/** The long flag of each option of files. */
export function inputFlagNames(): Record<string, string> {
  const names = FLAGS.map(({ name, option }): [string, string] => [name, option.long as string]);
  return { ...Object.fromEntries(names), header: "--header or --no-header", dtype: "--f32" };
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("Expected a whole number from 1 up.");
  return value;
}
