import { type Check, onlyKnown, requireInteger, requireOneOf } from "./checks.ts";

/** How the command line asks for an option. */
export interface Flag {
  /** as `-k, --components` */
  readonly name: string;
  /** the placeholder of its argument in the help, as `<count>` */
  readonly argument: string;
  /** text of the command line → the value, which the row's check then judges; default: the text itself */
  readonly parse?: (text: string) => unknown;
  /** of an option that may be an object: the field that the flag is about */
  readonly field?: string;
  /** where the flag needs other words than the option */
  readonly meaning?: string;
  /** what the help says of the default, where it differs from the option's; "": nothing */
  readonly shownDefault?: string;
}

/** All that is known of an option; T: the type of its value. */
export interface OptionRow<T = unknown> {
  /** what an option left out means; none: it is required, or the default follows from other things */
  readonly default?: T;
  /** the same with variational inference, where that differs */
  readonly variational?: T;
  /** the default in words, where it is no plain value */
  readonly shownDefault?: string;
  readonly check: Check;
  /** the only values, where they are a list of words */
  readonly choices?: readonly string[];
  /** in plain words, to go on from the option's name */
  readonly meaning: string;
  readonly flags?: readonly Flag[];
}

/** One row for each option of O, by name. */
export type OptionTable<O> = { readonly [K in keyof O]-?: OptionRow<Exclude<O[K], undefined>> };

/**
 * The options that were given, each of them checked.
 * @param of the option whose fields these are; left out: none
 * @throws UNKNOWN_OPTION, INVALID_OPTION
 */
export function checkOptions<O extends object>(table: OptionTable<O>, options: O, of?: string): O {
  const names = Object.keys(table) as (keyof O & string)[];
  const given = onlyKnown(options, names, of);
  for (const name of names) {
    if (name in given) table[name].check(of === undefined ? name : `${of}.${name}`, given[name]);
  }
  return given;
}

/** The defaults that are plain values, by name. */
export function defaultsOf<O>(table: OptionTable<O>, variational = false): Partial<O> {
  const rows: [string, OptionRow][] = Object.entries(table);
  const defaults = rows.map(([name, row]) => [name, (variational ? row.variational : undefined) ?? row.default]);
  return Object.fromEntries(defaults.filter(([, value]) => value !== undefined)) as Partial<O>;
}

/** The default as a page or the help shows it, without quotes. */
export function defaultInWords(row: OptionRow): string {
  if (row.shownDefault !== undefined) return row.shownDefault;
  if (row.default === undefined) return "required";
  return (
    valueInWords(row.default) + (row.variational === undefined ? "" : `; variational ${valueInWords(row.variational)}`)
  );
}

function valueInWords(value: unknown): string {
  return typeof value === "number" && value > 0 && value < 0.01 ? value.toExponential() : String(value);
}

/** The check for an integer, and its range. */
export function integerFrom(least: number, most?: number): Check {
  return (name, value) => requireInteger(name, value, least, most);
}

/** A check for one of these words, with the words. */
export function oneOf(choices: readonly string[]): Pick<OptionRow, "check" | "choices"> {
  return { choices, check: (name, value) => requireOneOf(name, value, choices) };
}

/** The check of an option that only a look at the points can judge. */
export function acceptAll(): void {}

/** The finite number that a text is; a text that is none stays, for the check to show. */
export function numberIn(text: string): number | string {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** One number, or several between commas. */
export function numbersIn(text: string): unknown {
  const numbers = text.split(",").map(numberIn);
  return numbers.length === 1 ? numbers[0] : numbers;
}
