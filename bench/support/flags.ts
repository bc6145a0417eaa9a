import { parseArgs } from "node:util";
import type { CovarianceType, KernelKind } from "@emix/core";
import { COVARIANCE_TYPES } from "../../packages/core/src/covariance/types.ts";

/** Flags of a bench, each with a value: `--threads 1,2`. */
export type Flags = Readonly<Record<string, string | undefined>>;

/** in: known, the flags of this bench */
export function readFlags(args: readonly string[], known: readonly string[]): Flags {
  const options = Object.fromEntries(known.map((name) => [name, { type: "string" as const }]));
  return parseArgs({ args: [...args], options, strict: true }).values as Flags;
}

export function list(text: string | undefined, otherwise: readonly string[]): readonly string[] {
  return text === undefined ? otherwise : text.split(",").filter((part) => part !== "");
}

/** The entries of a table that a flag names. Default: all. in: kind, what messages call one */
export function entriesNamed<T>(
  table: Readonly<Record<string, T>>,
  text: string | undefined,
  kind: string,
): readonly (readonly [name: string, entry: T])[] {
  return list(text, Object.keys(table)).map((name) => {
    if (Object.hasOwn(table, name)) return [name, table[name]];
    throw new Error(`No ${kind} "${name}". There are: ${Object.keys(table).join(", ")}.`);
  });
}

export function numbers(text: string | undefined, otherwise: readonly number[]): readonly number[] {
  return text === undefined ? otherwise : text.split(",").map((part) => wholeNumber(part, 0));
}

/** `1e6` and `1000000` alike. */
export function wholeNumber(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`Expected a whole number from 1 up, got "${text}".`);
  return value;
}

const KERNELS: readonly KernelKind[] = ["reference", "simd", "simd256"];

export const kernelKinds = (text: string | undefined, otherwise: readonly KernelKind[]): readonly KernelKind[] =>
  text === undefined ? otherwise : text.split(",").map((name) => oneOf(name, KERNELS));

export const covarianceTypes = (text: string | undefined, otherwise: readonly CovarianceType[]) =>
  text === undefined ? otherwise : text.split(",").map((name) => oneOf(name, COVARIANCE_TYPES));

export function oneOf<T extends string>(text: string, known: readonly T[]): T {
  const found = known.find((name) => name === text);
  if (found === undefined) throw new Error(`Expected one of ${known.join(", ")}, got "${text}".`);
  return found;
}
