import { invalidOption, isPlainObject, unknownOption } from "../../errors.ts";

/** Throws unless the value is allowed for the option of this name. @throws INVALID_OPTION, UNKNOWN_OPTION */
export type Check = (name: string, value: unknown) => void;

/**
 * Leaves out options given as undefined.
 * @param of the option that has these fields; default: they are options themselves
 * @throws UNKNOWN_OPTION, INVALID_OPTION
 */
export function onlyKnown<T extends object>(options: T, known: readonly string[], of?: string): T {
  requirePlainObject(of ?? "options", options);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const unknown = given.find(([name]) => !known.includes(name))?.[0];
  if (unknown !== undefined) throw unknownOption(unknown, known, { of, nearest: nearestName(unknown, known) });
  return Object.fromEntries(given) as T;
}

/** An object of a class is refused: what it inherits would be left out in silence. @throws INVALID_OPTION */
export function requirePlainObject(name: string, value: unknown): void {
  if (typeof value !== "object" || value === null || !isPlainObject(value)) {
    throw invalidOption(name, "a plain object", value);
  }
}

export function requireInteger(name: string, value: unknown, least: number, most?: number): void {
  const top = most ?? Number.MAX_SAFE_INTEGER;
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= top) return;
  const range = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
  throw invalidOption(name, `an integer ${range}`, value);
}

export function requireNotNegative(name: string, value: unknown): void {
  if (!isNotNegative(value)) throw invalidOption(name, "a finite number of at least 0", value);
}

export function requireNumber(name: string, value: unknown): void {
  if (typeof value !== "number" || Number.isNaN(value)) throw invalidOption(name, "a number", value);
}

export function requireOneOf(name: string, value: unknown, known: readonly string[]): void {
  if (!known.includes(value as string)) throw invalidOption(name, `one of ${known.join(", ")}`, value);
}

export function requireBoolean(name: string, value: unknown): void {
  if (typeof value !== "boolean") throw invalidOption(name, "true or false", value);
}

export function requireSeed(seed: unknown): void {
  if (typeof seed !== "string" && !Number.isFinite(seed)) {
    throw invalidOption("seed", "a finite number or a string", seed);
  }
}

export function requireRegularization(value: unknown): void {
  if (typeof value === "object" && value !== null) {
    const { absolute } = onlyKnown(value as { absolute: number }, ["absolute"], "regularization");
    requireNotNegative("regularization.absolute", absolute);
  } else if (!isNotNegative(value)) {
    throw invalidOption("regularization", "a finite number of at least 0, or { absolute: variance }", value);
  }
}

export function requireGranularity(value: unknown): void {
  const steps: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (value === "auto" || steps.every(isNotNegative)) return;
  const wrong = steps.find((step) => !isNotNegative(step));
  throw invalidOption("granularity", '"auto", a finite number of at least 0, or an array of them', wrong);
}

function isNotNegative(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY;
}

/** What scikit-learn and mclust call options, in lower case, and what they are called here. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ["k", "components"],
  ["g", "components"],
  ["nclusters", "components"],
  ["modelnames", "covarianceType"],
  ["ninit", "restarts"],
  ["regcovar", "regularization"],
  ["randomstate", "seed"],
  ["sampleweight", "pointWeights"],
  ["weights", "pointWeights"],
]);

/** The known name that an unknown one most likely stands for: `max_iter` → maxIterations; undefined if none is near. */
export function nearestName(unknown: string, known: readonly string[]): string | undefined {
  const written = lettersOf(unknown);
  const other = OTHER_NAMES.get(written);
  if (other !== undefined && known.includes(other)) return other;
  const near = known
    .map((name) => ({ name, letters: lettersOf(name), typos: editDistance(written, lettersOf(name)) }))
    .filter(({ letters, typos }) => typos <= 1 + written.length / 5 || containsEither(written, letters));
  return near.sort((one, other) => one.typos - other.typos)[0]?.name;
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

const FEWEST_LETTERS = 3;

function containsEither(one: string, other: string): boolean {
  return Math.min(one.length, other.length) >= FEWEST_LETTERS && (one.includes(other) || other.includes(one));
}

/** How many letters must be inserted, deleted or replaced to turn one word into the other (Levenshtein distance). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (letter === to[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length];
}

/** The ridge of one M-step, which has no variance of the points to take a fraction of. @throws INVALID_OPTION */
export function absoluteRidge(regularization: 0 | { readonly absolute: number }): number {
  if (regularization === 0) return 0;
  if (typeof regularization !== "object" || regularization === null) {
    throw invalidOption("regularization", "0 or { absolute: variance }", regularization);
  }
  requireRegularization(regularization);
  return regularization.absolute;
}
