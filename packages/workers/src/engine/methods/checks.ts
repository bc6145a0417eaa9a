import {
  GaussianMixture,
  invalidOption,
  type Mixture,
  type ResolvedFitOptions,
  requireOneOf,
  type Tiles,
} from "@emix/core";
import type { CallOptions } from "./options.ts";

/** @throws INVALID_OPTION */
export function requireStorage(storage: unknown): void {
  requireOneOf("storage", storage, ["memory", "file", "auto"]);
}

/** @throws INVALID_OPTION */
export function requireControl({ signal, priority, onStep, storage }: CallOptions): void {
  if (storage !== undefined) requireStorage(storage);
  if (priority !== undefined && !Number.isFinite(priority)) throw invalidOption("priority", "a number", priority);
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalidOption("signal", "an AbortSignal", signal);
  if (onStep !== undefined && typeof onStep !== "function") throw invalidOption("onStep", "a function", onStep);
}

/** Single precision needs points that are stored so. @throws INVALID_OPTION */
export function requireStored({ compute }: Pick<ResolvedFitOptions, "compute">, { dtype }: Pick<Tiles, "dtype">): void {
  if (compute === "f32" && dtype !== "f32") throw invalidOption("compute", '"f64" for points stored as f64', compute);
}

/** The parameters of the mixture that a method was given. @throws INVALID_OPTION */
export function parametersOf(mixture: unknown): Mixture {
  if (mixture instanceof GaussianMixture) return mixture.parameters;
  throw invalidOption("mixture", "a GaussianMixture", mixture);
}

/** Leaves out fields that are undefined. */
export function onlyDefined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
