import type { Seed } from "@emix/core";
import { InvalidArgumentError } from "commander";

/** Reads the share that a flag is given. @throws InvalidArgumentError */
export function fraction(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError("Expected a number between 0 and 1, as 0.01.");
  return value;
}

/** A number where it is one, as the flag of `fit` reads it. */
export function seedOf(text: string): Seed {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Reads the count that a flag is given. @throws InvalidArgumentError */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("Expected a whole number from 1 up.");
  return value;
}
