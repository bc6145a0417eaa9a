import {
  defaultInWords,
  FIT_OPTIONS,
  type FitOptions,
  type Flag,
  type OptionRow,
  type OptionTable,
  PRIOR_OPTIONS,
} from "@emix/core";
import { type Command, Option } from "commander";
import { inputFlagNames } from "./input-flags.ts";

/** A flag of the command line, with the library's name for what it sets, for example `prior.meanPrecision`. */
interface FitFlag {
  readonly path: string;
  readonly option: Option;
}

const FLAGS: readonly FitFlag[] = [...flagsOf(FIT_OPTIONS), ...flagsOf(PRIOR_OPTIONS, "prior.")];

function flagsOf<O>(table: OptionTable<O>, prefix = ""): FitFlag[] {
  const rows: [string, OptionRow][] = Object.entries(table);
  return rows.flatMap(([name, row]) =>
    (row.flags ?? []).map((flag) => ({
      path: [prefix + name, flag.field].filter(Boolean).join("."),
      option: optionOf(prefix + name, row, flag),
    })),
  );
}

/** A flag of commander. The library's check judges its value as soon as it is read. */
function optionOf(name: string, row: OptionRow, flag: Flag): Option {
  const words = `${name.startsWith("prior.") ? "prior: " : ""}${flag.meaning ?? row.meaning}${inBrackets(row, flag)}`;
  const others = row.flags?.filter((other) => other !== flag) ?? [];
  return new Option(`${flag.name} ${flag.argument}`.trim(), words)
    .conflicts(others.map((other) => new Option(other.name).attributeName()))
    .argParser((text) => {
      const parsed = flag.parse?.(text) ?? text;
      const value = flag.field === undefined ? parsed : { [flag.field]: parsed };
      row.check(name, value);
      return value;
    });
}

/** The choices and the default, as the help shows them. */
function inBrackets(row: OptionRow, flag: Flag): string {
  const words = flag.shownDefault ?? defaultInWords(row);
  const shown = words === "required" ? [] : [row.choices?.join(", "), words && `default: ${words}`].filter(Boolean);
  return shown.length === 0 ? "" : ` (${shown.join("; ")})`;
}

/** A command with a flag for each option of a fit that the table gives one. in: without, options it has flags of its own for */
export function withFitFlags(command: Command, without: readonly string[] = []): Command {
  for (const { path, option } of FLAGS) if (!without.includes(path)) command.addOption(option);
  return command;
}

/** The names of those flags, as commander has them. */
export function fitFlagNames(): string[] {
  return FLAGS.map(({ option }) => option.attributeName());
}

/** Values of the command line, by the names of flags → options of `fit`, only those that were given. */
export function fitOptionsOf(given: object): Partial<FitOptions> {
  const values = new Map<string, unknown>(Object.entries(given));
  const options: Record<string, unknown> = {};
  const prior: Record<string, unknown> = {};
  for (const { path, option } of FLAGS) {
    const value = values.get(option.attributeName());
    const [name, field] = path.split(".");
    if (value === undefined) continue;
    if (name === "prior") prior[field] = value;
    else options[name] = value;
  }
  return { ...options, ...(Object.keys(prior).length > 0 && { prior }) };
}

/** Flags of all commands that read points, by the library's names. */
const INPUT_FLAGS: Readonly<Record<string, string>> = {
  ...inputFlagNames(),
  threads: "--threads",
  outliers: "--outliers",
  output: "--output",
  knownComponents: "--label-column",
};

const LONG_NAMES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(INPUT_FLAGS),
  ...FLAGS.map(({ path, option }): [string, string] => [path, option.long as string]),
]);

/** Options with values, as messages of the library have them. */
const WORDS = [
  ["`header: true`", "--header"],
  ["`header: false`", "--no-header"],
  ['`missing: "drop"`', "--missing drop"],
  ["create the engine with another `storageFolder`", "name another folder: TMPDIR, or of `emix load` --output"],
] as const;

/** A message of the library, for people at a command line: options in backticks become flags. */
export function inFlags(message: string): string {
  const told = WORDS.reduce((text, [words, flag]) => text.replaceAll(words, flag), message);
  return told.replace(/`([\w.]+)`/g, (quoted, name: string) => LONG_NAMES.get(name) ?? quoted);
}

/** Gathers what a flag is given, each time that it stands on the command line. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
