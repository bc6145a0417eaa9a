import { invalidOption } from "../../errors.ts";
import { WEIGHT_CONCENTRATION_TYPES } from "../../mixture/weight-concentration.ts";
import type { PriorOptions } from "./options.ts";
import { numberIn, type OptionTable, oneOf } from "./table.ts";

/**
 * Every option of a prior. Mean and covariance are checked with the points (prior.ts), and so is the bound below
 * degreesOfFreedom.
 */
export const PRIOR_OPTIONS: OptionTable<PriorOptions> = {
  weightConcentration: {
    default: 1,
    shownDefault: "1; variational 1/k",
    check: requireSize,
    meaning: "points that the weight of each component is worth",
    flags: [{ name: "--weight-concentration", argument: "<points>", parse: numberIn }],
  },
  weightConcentrationType: {
    variational: "process",
    shownDefault: "process (variational only)",
    ...oneOf(WEIGHT_CONCENTRATION_TYPES),
    meaning: "a stick-breaking process, which empties components, or a Dirichlet distribution",
  },
  meanPrecision: {
    default: 0.01,
    variational: 1,
    check: requireSize,
    meaning: "points that the prior mean is worth",
    flags: [{ name: "--mean-precision", argument: "<points>", parse: numberIn }],
  },
  mean: {
    shownDefault: "the mean of the points",
    check: requireNumbers,
    meaning: "one number for each feature",
  },
  degreesOfFreedom: {
    shownDefault: "d + 2; variational d",
    check: requireSize,
    meaning: "points that the prior covariance is worth, more than d − 1",
    flags: [{ name: "--degrees-of-freedom", argument: "<points>", parse: numberIn }],
  },
  covariance: {
    shownDefault: "the covariance of the points",
    check: (name, value) => typeof value === "number" || requireNumbers(name, value),
    meaning: "a scatter, shaped as a covariance of the covariance type",
  },
};

/** Accepts flat or nested arrays; what is in them is checked with the points. */
function requireNumbers(name: string, value: unknown): void {
  if (!isNumbers(value, DEEPEST)) throw invalidOption(name, "an array of numbers", value);
}

/** d rows of d numbers of one component */
const DEEPEST = 3;
/** A scatter of 4,096 features. */
const MOST_NUMBERS = 2 ** 24;

function isNumbers(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null || value instanceof DataView) return false;
  if (ArrayBuffer.isView(value)) return true;
  const { length } = value as ArrayLike<unknown>;
  if (!Number.isInteger(length) || length > MOST_NUMBERS) return false;
  return Array.from(value as ArrayLike<unknown>).every(
    (part) => typeof part === "number" || (depth > 1 && isNumbers(part, depth - 1)),
  );
}

function requireSize(name: string, value: unknown): void {
  if (!(typeof value === "number" && value >= 1e-100 && value <= 1e100)) {
    throw invalidOption(name, "a number from 1e-100 to 1e100", value);
  }
}
