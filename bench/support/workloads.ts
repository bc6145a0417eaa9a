import type { CovarianceType } from "@emix/core";

/** How points lie: the mixture as it is, or an ugly variant of it. */
export type Shape = "gaussian" | "heavy-tailed" | "near-singular" | "grid" | "degenerate";

export const SHAPES: readonly Shape[] = ["gaussian", "heavy-tailed", "near-singular", "grid", "degenerate"];

/** Points to draw and a mixture to fit to them. */
export interface Workload {
  readonly name: string;
  /** n, d, k */
  readonly count: number;
  readonly features: number;
  readonly components: number;
  readonly covarianceType: CovarianceType;
  readonly dtype: "f64" | "f32";
  /** standard deviation of the centres, per coordinate */
  readonly spread: number;
  /** means: random points (about them the data's mean variance), or one point of each component (variance 1) */
  readonly start: "random points" | "one of each";
  readonly shape: Shape;
  /** EM steps of the long run when systems are compared: few enough that none finds it has converged */
  readonly longRun: number;
}

const BASE = { covarianceType: "full", dtype: "f64", start: "random points", shape: "gaussian", longRun: 3 } as const;
const of = (count: number, features: number, components: number, spread: number) => ({
  ...BASE,
  count,
  features,
  components,
  spread,
});

const W1: Workload = { name: "w1", ...of(200_000, 8, 8, 6), longRun: 5 };
const W2S: Workload = { name: "w2s", ...of(1_000_000, 16, 16, 12), start: "one of each" };
const W2O: Workload = { name: "w2o", ...of(1_000_000, 16, 16, 0.35) };

/** The workloads that emix and its peers are compared on. */
const WORKLOADS: readonly Workload[] = [
  W1,
  W2S,
  W2O,
  { name: "w3", ...of(200_000, 64, 16, 4) },
  { name: "w4", ...of(1_000_000, 8, 64, 4) },
  { name: "w5", ...of(1_000_000, 32, 32, 3), covarianceType: "diag" },
  { name: "w6", ...of(4_000_000, 4, 8, 4), longRun: 5 },
  { name: "w7", ...of(100_000, 16, 256, 4), covarianceType: "diag", longRun: 5 },
  { name: "w8", ...of(500_000, 16, 16, 4), covarianceType: "tied" },
  { name: "w9", ...of(200_000, 64, 64, 4) },
  { ...W1, name: "w1-f32", dtype: "f32" },
  { ...W2S, name: "w2s-f32", dtype: "f32" },
  { ...W2O, name: "w2o-f32", dtype: "f32" },
];

/** `w1`, or `w2` for both w2s and w2o. */
export function workloadsNamed(names: readonly string[]): Workload[] {
  return names.flatMap((name) => {
    const found = WORKLOADS.filter((workload) => [name, `${name}s`, `${name}o`].includes(workload.name));
    if (found.length > 0) return found;
    throw new Error(`No workload "${name}". There are: ${WORKLOADS.map((workload) => workload.name).join(", ")}.`);
  });
}

/** A workload of one's own, of the mixture's shape unless said. */
export function customWorkload(changes: Partial<Workload>): Workload {
  return { name: "custom", ...of(1_000_000, 16, 16, 4), ...changes };
}
