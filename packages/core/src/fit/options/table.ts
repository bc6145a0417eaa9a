import { type Check, onlyKnown, requireInteger, requireOneOf } from "./checks.ts";

/** How the command line asks for an option. */
export interface Flag {
  /** for example `-k, --components` */
  readonly name: string;
  /** the placeholder of its argument in the help, for example `<count>` */
  readonly argument: string;
  /** text of the command line → the value, which the row's check then judges; default: the text itself */
  readonly parse?: (text: string) => unknown;
  /** if the option may be an object: the field that the flag sets */
  readonly field?: string;
  /** if the flag needs other words than the option */
  readonly meaning?: string;
  /** what the help says about the default, if it differs from the option's; "": nothing */
  readonly shownDefault?: string;
}

/** All that is known about an option; T is the type of its value. */
export interface OptionRow<T = unknown> {
  /**
   * what the fit uses if the option is left out; none: the option is required, or its default follows from other things
   */
  readonly default?: T;
  /** the default for variational inference, if that differs */
  readonly variational?: T;
  /** the default in words, if it is not a plain value */
  readonly shownDefault?: string;
  readonly check: Check;
  /** the only values, if they are a list of words */
  readonly choices?: readonly string[];
  /** in plain words that continue the option's name */
  readonly meaning: string;
  readonly flags?: readonly Flag[];
}

/** One row for each option of O, by name. */
export type OptionTable<O> = { readonly [K in keyof O]-?: OptionRow<Exclude<O[K], undefined>> };

/**
 * Checks the options that were given. Options given as undefined are left out.
 * @param of the option that has these fields; default: they are options themselves
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

/** The default in words, as a page or the help shows it, without quotes. */
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

/** Makes the check for an integer in a range. */
export function integerFrom(least: number, most?: number): Check {
  return (name, value) => requireInteger(name, value, least, most);
}

/** Makes the check for one of these words, and lists the words. */
export function oneOf(choices: readonly string[]): Pick<OptionRow, "check" | "choices"> {
  return { choices, check: (name, value) => requireOneOf(name, value, choices) };
}

/** The check of an option that can be judged only with the points. */
export function acceptAll(): void {}

/** Reads a finite number from a text. Any other text is returned as it is, for the check to report. */
export function numberIn(text: string): number | string {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Reads one number, or several separated by commas. */
export function numbersIn(text: string): unknown {
  const numbers = text.split(",").map(numberIn);
  return numbers.length === 1 ? numbers[0] : numbers;
}
