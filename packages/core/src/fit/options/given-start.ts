import { invalidOption } from "../../errors.ts";

/** Where a fit begins, by what is known of the points or of the components: one of these. */
export type GivenStart =
  | {
      /** n: the component of each row, from 0; −1 where it is not known, and the row does not count in the start */
      readonly labels: ArrayLike<number>;
    }
  | {
      /** n × k responsibilities, flat row-major or rows: finite and not negative; rows need not add up to 1 */
      readonly responsibilities: ArrayLike<number> | readonly ArrayLike<number>[];
    }
  | {
      /** k × d, rows: every point begins with the component whose mean is nearest */
      readonly means: readonly ArrayLike<number>[];
    };

const KINDS = ["labels", "responsibilities", "means"] as const;

/** Whether an object is one of the starts above, as far as the names of its fields tell. */
export function isGivenStart(value: object): value is GivenStart {
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => KINDS.some((kind) => kind === name));
}

/** What does not depend on the points is checked. @throws INVALID_OPTION */
export function requireGivenStart(start: GivenStart): void {
  const given: readonly [string, unknown][] = Object.entries(start);
  if (given.length !== 1) {
    throw invalidOption("initialization", "only one of `labels`, `responsibilities` and `means`", start);
  }
  const [[kind, values]] = given;
  if (typeof values !== "object" || values === null || !("length" in values) || values.length === 0) {
    throw invalidOption(`initialization.${kind}`, "an array that is not empty", values);
  }
  if ("labels" in start) requireLabels(start.labels);
  if ("means" in start) requireMeans(start.means);
}

function requireLabels(labels: ArrayLike<number>): void {
  for (let row = 0; row < labels.length; row++) {
    if (Number.isInteger(labels[row]) && labels[row] >= -1) continue;
    throw invalidOption(`initialization.labels[${row}]`, "a component, counted from 0, or −1", labels[row]);
  }
}

function requireMeans(means: readonly ArrayLike<number>[]): void {
  for (let c = 0; c < means.length; c++) {
    const [name, mean] = [`initialization.means[${c}]`, means[c]];
    if (!(mean?.length > 0) || mean.length !== means[0].length) {
      throw invalidOption(name, "as many numbers as the points have features", mean);
    }
    for (let j = 0; j < mean.length; j++) {
      if (!Number.isFinite(mean[j])) throw invalidOption(name, "finite numbers", mean[j]);
    }
  }
}

/** k, where the start tells; undefined for responsibilities in one array. */
export function componentsOf(start: GivenStart): number | undefined {
  if ("means" in start) return start.means.length;
  if ("labels" in start) {
    let most = 0;
    for (let row = 0; row < start.labels.length; row++) most = Math.max(most, start.labels[row]);
    return most + 1;
  }
  const first: unknown = start.responsibilities[0];
  return typeof first === "object" && first !== null ? (first as ArrayLike<number>).length : undefined;
}

/** @throws INVALID_OPTION unless a fit of this many components can begin there */
export function requireComponents(start: GivenStart, components: number): void {
  const own = componentsOf(start);
  const fits = "labels" in start ? (own ?? 0) <= components : (own ?? components) === components;
  if (fits) return;
  const [kind] = Object.keys(start);
  throw invalidOption("components", `${own}, as many as \`initialization.${kind}\` has, or left out`, components);
}

/** A start that many starts would all be. @throws INVALID_OPTION */
export function requireOneRestart(restarts: number | undefined, of: string): void {
  if ((restarts ?? 1) === 1) return;
  throw invalidOption("restarts", `1 with ${of} to start from, as all starts would be the same`, restarts);
}
