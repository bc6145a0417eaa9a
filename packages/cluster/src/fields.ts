import { badJob } from "./errors.ts";

// What a job or a request may hold, field by field.

/** Whether a value is of some kind. */
export type Check = (value: unknown) => boolean;

type Fields = Readonly<Record<string, unknown>>;

const MOST = 2 ** 48;

export const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < MOST;
export const isSome: Check = (value) => isCount(value) && value !== 0;
export const isPositive: Check = (value) => Number.isFinite(value) && (value as number) > 0;
export const isText: Check = (value) => typeof value === "string" && value.length > 0 && !value.includes("\0");
/** a path with one * */
export const isPattern = (value: unknown): value is string => isText(value) && String(value).split("*").length === 2;
export const isFlag: Check = (value) => typeof value === "boolean";
export const isFields: Check = (value) => typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
export const isNumbers: Check = (value) => value instanceof Float64Array;
export const isOf =
  (names: readonly unknown[]): Check =>
  (value) =>
    names.includes(value);
export const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** An object whose own fields pass their checks. @throws CLUSTER_MISMATCH */
export function fieldsOf(what: string, value: unknown, checks: Readonly<Record<string, Check>>): Fields {
  require(what, isFields(value));
  const fields = value as Fields;
  for (const [name, check] of Object.entries(checks)) require(name, Object.hasOwn(fields, name) && check(fields[name]));
  return fields;
}

export function require(name: string, holds: boolean): void {
  if (!holds) throw badJob(`its ${name} cannot be`);
}
