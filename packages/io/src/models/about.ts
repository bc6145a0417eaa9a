import type { Transform } from "@emix/core";
import { unknownField, wrongField } from "./errors.ts";
import type { About, JsonObject, Provenance, TailQuantiles } from "./model.ts";

/** What a field must be. */
interface Rule {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

const isText = (value: unknown): value is string => typeof value === "string";
const isName = (value: unknown): boolean => isText(value) && value !== "";
const isDistinct = (list: readonly unknown[]): boolean => new Set(list).size === list.length;
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isListOf = (value: unknown, holds: (one: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(holds);

const text: Rule = { expected: "text", holds: isText };
const count: Rule = { expected: "an integer from 0 up", holds: isCount };
const number: Rule = { expected: "a finite number", holds: isNumber };
const object: Rule = { expected: "an object", holds: isObject };
const objects: Rule = { expected: "an array of objects", holds: (value) => isListOf(value, isObject) };

const FIT: Readonly<Record<keyof Provenance, Rule>> = {
  version: text,
  seed: { expected: "a number or text", holds: (value) => isNumber(value) || isText(value) },
  options: object,
  points: count,
  dropped: count,
  fingerprint: text,
  lowerBound: number,
  converged: { expected: "true or false", holds: isFlag },
  iterations: count,
  seconds: { expected: "a finite number from 0 up", holds: (value) => isNumber(value) && value >= 0 },
  restart: count,
  trace: { expected: "an array of finite numbers", holds: (value) => isListOf(value, isNumber) },
  warnings: {
    expected: "an array of objects with a code",
    holds: (value) => isListOf(value, (one) => isObject(one) && isText(one.code)),
  },
  kernel: { expected: "an object with `kind` and `fused`", holds: isUsedKernel },
  reading: object,
  starts: objects,
  selection: objects,
};

/** The fields of a model beside its mixture. */
const FIELDS: Readonly<Record<keyof About, (features: number) => Rule>> = {
  columns: (features) => ({
    expected: `${features} different names, one for each feature`,
    holds: (value) =>
      isListOf(value, isName) && isDistinct(value as unknown[]) && (value as unknown[]).length === features,
  }),
  transforms: (features) => ({
    expected: `${features} objects with \`log\`, \`centre\` and a positive \`scale\``,
    holds: (value) => isListOf(value, isTransform) && (value as unknown[]).length === features,
  }),
  outliers: () => ({ expected: "rising `probabilities` from 0 to 1 and as many rising `logDensities`", holds: isTail }),
  fit: () => object,
};

export const ABOUT_FIELDS: readonly string[] = Object.keys(FIELDS);

/** @throws BAD_MODEL_FILE */
export function aboutFromJson(given: Readonly<Record<string, unknown>>, features: number): About {
  const about: Record<string, unknown> = {};
  for (const [name, ruleFor] of Object.entries(FIELDS)) {
    if (given[name] === undefined) continue;
    requireRule(name, given[name], ruleFor(features));
    about[name] = given[name];
  }
  if (about.fit !== undefined) requireProvenance(about.fit as JsonObject);
  return about;
}

function requireProvenance(fit: JsonObject): void {
  for (const [name, value] of Object.entries(fit)) {
    if (!Object.hasOwn(FIT, name)) throw unknownField(`fit.${name}`, Object.keys(FIT));
    requireRule(`fit.${name}`, value, FIT[name as keyof Provenance]);
  }
}

function requireRule(name: string, value: unknown, { expected, holds }: Rule): void {
  if (!holds(value)) throw wrongField(name, expected);
}

function isTransform(value: unknown): boolean {
  const { log, centre, scale } = (value ?? {}) as Partial<Transform>;
  return isFlag(log) && isNumber(centre) && isNumber(scale) && scale > 0;
}

function isUsedKernel(value: unknown): boolean {
  const { kind, fused } = (value ?? {}) as { kind?: unknown; fused?: unknown };
  return isText(kind) && isFlag(fused);
}

function isTail(value: unknown): boolean {
  const { probabilities, logDensities } = (value ?? {}) as Partial<TailQuantiles>;
  return (
    isRising(probabilities) &&
    isRising(logDensities) &&
    probabilities.length === logDensities.length &&
    probabilities[0] === 0 &&
    probabilities[probabilities.length - 1] === 1
  );
}

function isRising(values: unknown): values is readonly number[] {
  return isListOf(values, isNumber) && (values as number[]).every((value, i, all) => i === 0 || value >= all[i - 1]);
}
