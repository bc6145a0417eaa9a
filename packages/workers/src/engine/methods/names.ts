import { FIT_OPTIONS, OUTPUT_NAMES } from "@emix/core";

const LOAD = ["pointWeights", "missing"];
const CONTROL = ["signal", "priority"];
const START = [...LOAD, ...CONTROL, "components", "seed", "covarianceType", "regularization"];
const RECEIVE = ["features", "dtype", "rows", "storage"];
const MIXTURE = ["mixture", "missing", ...CONTROL];
const CRITERION = [...LOAD, ...CONTROL, "mixture"];

/** Groups of methods that take the same options. */
type Method =
  | "load"
  | "stream"
  | "receive"
  | "fit"
  | "resume"
  | "start"
  | "initialize"
  | "em"
  | "mixture"
  | "proba"
  | "evaluate"
  | "clusters"
  | "criterion"
  | "update"
  | "q"
  | "sample";

/** The names of those options. */
export const KNOWN: Readonly<Record<Method, readonly string[]>> = {
  load: [...LOAD, "signal", "storage"],
  stream: [...LOAD, "signal", ...RECEIVE],
  receive: RECEIVE,
  fit: [...Object.keys(FIT_OPTIONS), ...LOAD, ...CONTROL, "storage", "onStep", "timeBudget", "checkpoint"],
  resume: [...LOAD, ...CONTROL, "storage", "onStep", "timeBudget"],
  start: START,
  initialize: [...START, "attempts"],
  em: [...CRITERION, "steps", "regularization", "onStep", "verbose"],
  mixture: MIXTURE,
  proba: [...MIXTURE, "top"],
  evaluate: [...MIXTURE, ...OUTPUT_NAMES],
  clusters: [...MIXTURE, "clusterOf"],
  criterion: CRITERION,
  update: [...LOAD, ...CONTROL, "statistics", "rate", "regularization"],
  q: [...CRITERION, "assignmentProbs"],
  sample: ["mixture", "count", "seed"],
};
