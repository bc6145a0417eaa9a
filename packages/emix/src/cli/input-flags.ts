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

/** A command with a flag for each option of files, and those of all commands that read points. in: without, options that it has no use for */
export function withInputOptions(command: Command, without: readonly (keyof FileOptions)[] = []): Command {
  for (const { name, option } of FLAGS) if (!without.includes(name)) command.addOption(option);
  return command
    .option("--header", "the first record names the columns (default: seen from the file)")
    .option("--no-header", "it does not")
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
  Delimiter, decimal sign, thousands separator and header are seen from many rows. Where two ways to read a file explain
  all of it, the file is refused, with both ways and the flag that chooses. A line on standard error says what was read.
  Columns of numbers are used, true and false as 0 and 1, lists of numbers as name[0], name[1], ...
  Left out, and named: text, dates (the line says how to read them), and columns that only number the rows: without a name
  among others that have one, or counting under a name such as id, index or row. Naming one with -c uses it all the same.
  A column that is mostly numbers is of numbers: another text in it is an error, with its line.
  Points between digits are decimal, unless fields are parted by ; tab or | and every number has groups of three.
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
