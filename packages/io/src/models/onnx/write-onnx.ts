import { logarithm } from "@emix/core";
import { noQuantiles } from "../errors.ts";
import type { Model } from "../model.ts";
import { aboutOf, exactJson } from "../model-json.ts";
import { outlierThreshold } from "../outliers.ts";
import { addLogJoint, addTransforms, type Features } from "./densities.ts";
import { GraphBuilder } from "./graph-builder.ts";
import { BOOL, DOUBLE, INT64, onnxFile, valueInfo } from "./messages.ts";
import type { Message } from "./protobuf.ts";

/** What an ONNX graph has besides the mixture. */
export interface OnnxOptions {
  /** The share of the training points that `is_outlier` would be true of. Default: no such output. */
  readonly outliers?: number;
}

/**
 * A model as an ONNX graph in doubles, of standard operators. in: X, N × d, columns as they were before `transforms`.
 * out: label (N), probabilities (N × k), log_density (N, of X), and with `outliers` is_outlier (N)
 * @throws INVALID_OPTION (a model without quantiles)
 */
export function writeOnnx(model: Model, { outliers }: OnnxOptions = {}): Uint8Array {
  const { components, features } = model.mixture;
  if (outliers !== undefined && model.outliers === undefined) throw noQuantiles();
  const graph = new GraphBuilder();
  const density = addDensity(graph, model);
  const outputs = [
    valueInfo("label", INT64, ["N"], "index of the most probable component"),
    valueInfo("probabilities", DOUBLE, ["N", components], "of each component, given the point"),
    valueInfo("log_density", DOUBLE, ["N"], "natural logarithm of the density of the point"),
  ];
  if (outliers !== undefined && model.outliers !== undefined) {
    const threshold = graph.number("threshold", outlierThreshold(model.outliers, outliers));
    graph.add("is_outlier", "Less", [density, threshold]);
    outputs.push(valueInfo("is_outlier", BOOL, ["N"], `is the point less likely than a share of ${outliers}?`));
  }
  const columns = model.columns === undefined ? "" : `: ${model.columns.join(", ")}`;
  const inputs = [valueInfo("X", DOUBLE, ["N", features], `points, a row each${columns}`)];
  return fileOf(model, graph, inputs, outputs);
}

function fileOf(model: Model, { nodes, constants }: GraphBuilder, inputs: Message[], outputs: Message[]): Uint8Array {
  const { components, features, covarianceType } = model.mixture;
  const version = model.fit?.version ?? "";
  return onnxFile({
    ...{ name: "emix", version, nodes, constants, inputs, outputs },
    about: `A Gaussian mixture of ${components} component(s) in ${features} feature(s).`,
    metadata: {
      covariance_type: covarianceType,
      columns: JSON.stringify(model.columns ?? []),
      emix: exactJson(aboutOf(model)),
    },
  });
}

/** Labels, probabilities and the density. out: name of the log density */
function addDensity(graph: GraphBuilder, { mixture, transforms }: Model): string {
  const points: Features =
    transforms === undefined ? { features: "X", logSlopes: null } : addTransforms(graph, "X", transforms);
  const logJoint = addLogJoint(graph, points.features, mixture);
  const axis = graph.integers("component_axis", [1]);
  const greatest = graph.add("greatest", "ReduceMax", [logJoint, axis]);
  const shares = graph.add("shares", "Exp", [graph.add("below_greatest", "Sub", [logJoint, greatest])]);
  const total = graph.add("total", "ReduceSum", [shares, axis]);
  graph.add("label", "ArgMax", [logJoint], { axis: 1, keepdims: 0 });
  graph.add("probabilities", "Div", [shares, total]);
  const logDensity = graph.add("log_density_column", "Add", [greatest, graph.add("log_total", "Log", [total])]);
  return addSlopes(graph, graph.add("log_density_of_features", "Squeeze", [logDensity, axis]), points, transforms);
}

/** From the density of the features to that of the columns that they were made of. */
function addSlopes(
  graph: GraphBuilder,
  logDensity: string,
  { logSlopes }: Features,
  transforms: Model["transforms"] = [],
): string {
  const logScales = transforms.reduce((sum, { scale }) => sum + logarithm(scale), 0);
  const moved = graph.number("log_scales", logScales);
  const scaled = logSlopes === null ? moved : graph.add("log_volumes", "Add", [logSlopes, moved]);
  return graph.add("log_density", "Sub", [logDensity, scaled]);
}
