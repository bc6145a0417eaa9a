import { invalidOption } from "../../errors.ts";
import type { Evaluated, Quantity } from "../evaluation.ts";

/** Everything that `evaluate` can give for points, n rows. */
export interface AllOutputs {
  /** n, index of the most probable component (the lower one of a tie) */
  readonly labels: Int32Array;
  /** n × k responsibilities; each row adds up to 1 */
  readonly probabilities: Float64Array;
  /** n, log p(x); after a variational fit, from the expectations of log π and log N */
  readonly logDensities: Float64Array;
}

/** What `evaluate` is to give: each output that is true, and one at least. */
export type OutputOptions = { readonly [Name in keyof AllOutputs]?: boolean | undefined };

/** The outputs that were asked for. */
export type Outputs<Asked> = {
  readonly [Name in keyof AllOutputs as Asked extends { readonly [N in Name]: true } ? Name : never]: AllOutputs[Name];
};

const QUANTITIES = { labels: "labels", probabilities: "responsibilities", logDensities: "logDensities" } as const;

export const OUTPUT_NAMES: readonly (keyof AllOutputs)[] = ["labels", "probabilities", "logDensities"];

/** The quantities to evaluate. @throws INVALID_OPTION */
export function quantitiesAsked(asked: OutputOptions): Quantity[] {
  for (const name of OUTPUT_NAMES) {
    const value = asked[name];
    if (value !== undefined && typeof value !== "boolean") throw invalidOption(name, "true or false", value);
  }
  const names = OUTPUT_NAMES.filter((name) => asked[name]);
  if (names.length === 0) throw invalidOption("labels", "true, or `probabilities` or `logDensities`", asked.labels);
  return names.map((name) => QUANTITIES[name]);
}

/** The quantities under the names of outputs. */
export function outputsOf<Asked extends OutputOptions>(
  asked: Asked,
  evaluated: Partial<Evaluated<Quantity>>,
): Outputs<Asked> {
  const names = OUTPUT_NAMES.filter((name) => asked[name]);
  return Object.fromEntries(names.map((name) => [name, evaluated[QUANTITIES[name]]])) as unknown as Outputs<Asked>;
}
