import { invalidOption } from "../../errors.ts";
import type { EvaluatedArrays, Quantity } from "../evaluation.ts";

/** Everything that `evaluate` can give for points, n rows. */
export interface AllOutputs {
  /** n, index of the most probable component (the lower one of a tie) */
  readonly labels: Int32Array;
  /** n × k responsibilities; each row adds up to 1 */
  readonly probabilities: Float64Array;
  /** n, log p(x); after a variational fit, from the expectations of log π and log N */
  readonly logDensities: Float64Array;
  /** n, −Σ r log r of the responsibilities: 0 where a point certainly belongs to one component */
  readonly entropies: Float64Array;
}

/** How many components of each point are wanted. */
export interface TopOption {
  /** This many of the most probable ones. Default: all, as n × k numbers. */
  readonly top?: number | undefined;
}

/** The most probable components of points. */
export interface TopComponents {
  /** n × top, row-major: the most probable first; −1 where no further component has a probability above 0 */
  readonly components: Int32Array;
  /** n × top: their probabilities */
  readonly probabilities: Float64Array;
}

/** What `evaluate` is to give: each output that is true, the most probable components if `top` says how many, and one at least. */
export type OutputOptions = { readonly [Name in keyof AllOutputs]?: boolean | undefined } & TopOption;

/** The outputs that were asked for. */
export type Outputs<Asked> = {
  readonly [Name in keyof AllOutputs as Asked extends { readonly [N in Name]: true } ? Name : never]: AllOutputs[Name];
} & (Asked extends Required<TopOption> ? TopOutput : unknown);

/** The output of `top`. */
export interface TopOutput {
  /** the most probable components of each point */
  readonly top: TopComponents;
}

const QUANTITIES = {
  labels: "labels",
  probabilities: "responsibilities",
  logDensities: "logDensities",
  entropies: "entropies",
} as const;

const NAMES = ["labels", "probabilities", "logDensities", "entropies"] as const;

export const OUTPUT_NAMES: readonly string[] = [...NAMES, "top"];

/** The quantities of `topComponents`. */
export const TOP_QUANTITIES = ["topComponents", "topResponsibilities"] as const;

/** The quantities to evaluate. @throws INVALID_OPTION */
export function quantitiesAsked(asked: OutputOptions): Quantity[] {
  for (const name of NAMES) {
    const value = asked[name];
    if (value !== undefined && typeof value !== "boolean") throw invalidOption(name, "true or false", value);
  }
  const named = NAMES.filter((name) => asked[name]).map((name) => QUANTITIES[name]);
  const names = asked.top === undefined ? named : [...named, ...TOP_QUANTITIES];
  if (names.length > 0) return names;
  throw invalidOption(
    "labels",
    "true, or `probabilities`, `logDensities` or `entropies`, or `top` a number",
    asked.labels,
  );
}

/** The quantities under the names of outputs. */
export function outputsOf<Asked extends OutputOptions>(
  asked: Asked,
  evaluated: Partial<EvaluatedArrays<Quantity>>,
): Outputs<Asked> {
  const named = NAMES.filter((name) => asked[name]).map((name) => [name, evaluated[QUANTITIES[name]]] as const);
  const top = asked.top === undefined ? [] : [["top", topOf(evaluated)] as const];
  return Object.fromEntries([...named, ...top]) as unknown as Outputs<Asked>;
}

export function topOf({ topComponents, topResponsibilities }: Partial<EvaluatedArrays<Quantity>>): TopComponents {
  return { components: topComponents, probabilities: topResponsibilities } as TopComponents;
}
