import { covarianceRow, GaussianMixture, logConstants, logDensityUnit, type Mixture, type Transform } from "@emix/core";
import type { GraphBuilder } from "./graph-builder.ts";

/** Squared distances are clamped here: a far point has a tiny density, and never NaN. */
const FARTHEST = 1e300;

/** Columns as the mixture knows them, and what their logarithms take from a log density (null: nothing). */
export interface Features {
  readonly features: string;
  readonly logSlopes: string | null;
}

/** ((log ? ln x : x) − centre) / scale. in: x, N × d */
export function addTransforms(graph: GraphBuilder, points: string, transforms: readonly Transform[]): Features {
  const d = transforms.length;
  const logged = transforms.some(({ log }) => log) ? addLogarithms(graph, points, transforms) : null;
  const centres = graph.doubles(
    "centres",
    [d],
    Float64Array.from(transforms, ({ centre }) => centre),
  );
  const scales = graph.doubles(
    "scales",
    [d],
    Float64Array.from(transforms, ({ scale }) => scale),
  );
  const centred = graph.add("centred", "Sub", [logged?.features ?? points, centres]);
  return { features: graph.add("scaled", "Div", [centred, scales]), logSlopes: logged?.logSlopes ?? null };
}

/** log |d ln x / dx| = −ln x */
function addLogarithms(graph: GraphBuilder, points: string, transforms: readonly Transform[]): Features {
  const chosen = graph.flags(
    "is_logged",
    transforms.map(({ log }) => log),
  );
  const logarithms = graph.add("logarithms", "Log", [points]);
  const taken = graph.add("taken_logarithms", "Where", [chosen, logarithms, graph.number("zero", 0)]);
  const axis = graph.integers("feature_axis", [1]);
  return {
    features: graph.add("logged", "Where", [chosen, logarithms, points]),
    logSlopes: graph.add("log_slopes", "ReduceSum", [taken, axis], { keepdims: 0 }),
  };
}

/**
 * log π_c + log N(x; μ_c, Σ_c). Each mean is subtracted before anything is multiplied, so that no digits are lost far
 * from 0. in: x, N × d. out: N × k
 */
export function addLogJoint(graph: GraphBuilder, points: string, mixture: Mixture): string {
  const { components, features, means, meansResidual } = mixture;
  const everyComponent = graph.add("points", "Unsqueeze", [points, graph.integers("first_axis", [0])]);
  const highWords = graph.doubles("means", [components, 1, features], means);
  const lowWords = graph.doubles("means_residual", [components, 1, features], meansResidual);
  const nearly = graph.add("nearly_deviations", "Sub", [everyComponent, highWords]);
  const deviations = graph.add("deviations", "Sub", [nearly, lowWords]);
  const whitened = addFactors(graph, deviations, mixture);
  const axis = graph.integers("last_axis", [2]);
  const squares = graph.add("squares", "ReduceSumSquare", [whitened, axis], { keepdims: 0 });
  const distances = graph.add("distances", "Min", [squares, graph.number("farthest", FARTHEST)]);
  const exponents = graph.add("exponents", "Mul", [distances, graph.number("minus_half", -0.5)]);
  const unit = logDensityUnit(mixture);
  const constants = logConstants(mixture).map((value) => value + unit);
  const logJoint = graph.add("log_joint_by_component", "Add", [
    exponents,
    graph.doubles("log_constants", [components, 1], constants),
  ]);
  return graph.add("log_joint", "Transpose", [logJoint], { perm: [1, 0] });
}

/** W_c (x − μ_c). in: k × N × d. out: k × N × d */
function addFactors(graph: GraphBuilder, deviations: string, mixture: Mixture): string {
  const { features, covarianceType } = mixture;
  const { matrix, shared } = covarianceRow(covarianceType);
  const { precisionsCholesky } = new GaussianMixture(mixture);
  const matrices = shared ? 1 : mixture.components;
  if (matrix === "triangle") {
    const factors = graph.doubles("factors", [matrices, features, features], precisionsCholesky);
    return graph.add("whitened", "MatMul", [deviations, factors]);
  }
  const factors = graph.doubles("factors", [matrices, 1, precisionsCholesky.length / matrices], precisionsCholesky);
  return graph.add("whitened", "Mul", [deviations, factors]);
}
