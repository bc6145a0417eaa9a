import {
  blockGrid,
  COVARIANCE_TYPES,
  densityLayout,
  GaussianMixture,
  measureLayout,
  momentsLayout,
  type Quantity,
  STAND,
  statisticsLayout,
  tileCount,
} from "@emix/core";
import {
  fieldsOf,
  isCount,
  isFields,
  isFlag,
  isListOf,
  isNumbers,
  isOf,
  isPattern,
  isPositive,
  isSome,
  isText,
  require,
} from "../fields.ts";
import type {
  BlocksRequest,
  EvaluateRequest,
  FilesRequest,
  GatherRequest,
  ListingRequest,
  NumbersRequest,
  Plan,
  PredictRequest,
  ProgramRequest,
  Task,
} from "../protocol.ts";
import { factsOf, planIn, requireReadable } from "./read-plan.ts";

// A request is what somebody wrote to Redis. All of it is checked here, before anything is read or allocated; what comes out
// is trusted.

const QUANTITIES: readonly Quantity[] = [
  ...(["logDensities", "entropies", "logJoint", "responsibilities", "topResponsibilities"] as const),
  ...(["labels", "topComponents"] as const),
];
/** components of a row that are written */
const MOST_TOP = 4096;

const FILES = { paths: isListOf(isText), read: isFields };
const PROGRAM = {
  ...{ kind: isOf(["reference", "simd", "simd256"]), components: isSome, covarianceType: isOf(COVARIANCE_TYPES) },
  ...{ arithmetic: isOf(["f64", "f32"]), strict: isFlag, fuses: isFlag },
};
const BLOCKS = { tilesInBlock: isSome, blocks: isSome, parameters: isNumbers, measured: isFlag, labelled: isFlag };
const LISTING = { run: isText, inflations: isNumbers, unit: Number.isFinite, scales: isNumbers };
const EVALUATE = {
  parameters: isNumbers,
  quantities: isListOf(isOf(QUANTITIES)),
  top: isCount,
};

const PREDICT = { mixture: isFields, output: isPattern, top: isSome, proba: isFlag };

/** @throws CLUSTER_MISMATCH */
export function filesRequest(value: unknown): FilesRequest {
  const request = fieldsOf("request", value, FILES);
  requireReadable(request.read);
  if (request.like !== undefined) {
    require("like", isFields(request.like));
    requireReadable(request.like);
  }
  return request as unknown as FilesRequest;
}

/** @throws CLUSTER_MISMATCH */
export function blocksRequest(value: unknown, { end }: Pick<Task, "end">): BlocksRequest {
  const request = fieldsOf("request", value, BLOCKS) as unknown as BlocksRequest;
  const plan = planIn(request.plan);
  const program = request.program === null ? null : programIn(request.program);
  const lengths = program === null ? lengthsOfMoments(plan) : lengthsOf(plan, program, request);
  require("parameters", request.parameters.length === lengths.parameters);
  if (request.listing !== null) requireListing(request.listing, plan, program);
  const grid = blockGrid(factsOf(plan), lengths.slot);
  require("blocks", request.tilesInBlock === grid.perBlock && request.blocks === grid.blocks && end <= grid.blocks);
  return request;
}

/** @throws CLUSTER_MISMATCH */
export function evaluateRequest(value: unknown, { end }: Pick<Task, "end">): EvaluateRequest {
  const request = fieldsOf("request", value, EVALUATE) as unknown as EvaluateRequest;
  const plan = planIn(request.plan);
  const { components, covarianceType } = programIn(request.program);
  const { parameters, quantities, top, stands } = request;
  require("parameters", parameters.length === densityLayout(components, plan.features, covarianceType).length);
  require("quantities", quantities.length > 0 && new Set(quantities).size === quantities.length);
  require("top", top <= components);
  require("stands", stands === undefined || (isNumbers(stands) && stands.length === components * STAND.length));
  require("range", end <= tileCount(factsOf(plan)));
  return request;
}

/** @throws CLUSTER_MISMATCH */
export function gatherRequest(value: unknown, { end }: Pick<Task, "end">): GatherRequest {
  const request = fieldsOf("request", value, { points: isNumbers }) as unknown as GatherRequest;
  const { count } = planIn(request.plan);
  require("range", end <= request.points.length);
  require("points", request.points.every((point) => isCount(point) && point < count));
  return request;
}

/** @throws CLUSTER_MISMATCH */
export function numbersRequest(value: unknown, { end }: Pick<Task, "end">): NumbersRequest {
  const request = fieldsOf("request", value, {}) as unknown as NumbersRequest;
  require("range", end <= tileCount(factsOf(planIn(request.plan))));
  return request;
}

/** @throws CLUSTER_MISMATCH, and what `GaussianMixture.fromJSON` throws */
export function predictRequest(value: unknown, { end }: Pick<Task, "end">): PredictRequest {
  const request = fieldsOf("request", value, PREDICT) as unknown as PredictRequest;
  const plan = planIn(request.plan);
  const mixture = GaussianMixture.fromJSON(request.mixture);
  require("mixture", mixture.features === plan.features);
  require("top", request.top <= MOST_TOP);
  require("range", end <= plan.files.length);
  return { ...request, mixture };
}

function requireListing(value: unknown, { features }: Plan, program: ProgramRequest | null): void {
  const { inflations, scales, wider } = fieldsOf("listing", value, LISTING) as unknown as ListingRequest;
  const components = program?.components ?? 0;
  require("inflations", inflations.length === components && inflations.every(isPositive));
  require("scales", scales.length === features && scales.every(isPositive));
  require("wider", wider === null ||
    (isListOf(isCount)(wider) &&
      wider.every((component, i) => {
        return component < components && (i === 0 || component > wider[i - 1]);
      })));
}

function programIn(value: unknown): ProgramRequest {
  return fieldsOf("program", value, PROGRAM) as unknown as ProgramRequest;
}

/** How many numbers a pass has as parameters, and leaves for each block. */
interface Lengths {
  readonly parameters: number;
  readonly slot: number;
}

function lengthsOfMoments({ features }: Plan): Lengths {
  return { parameters: features, slot: momentsLayout(features).length };
}

function lengthsOf(
  { features }: Plan,
  { components, covarianceType }: ProgramRequest,
  { measured, labelled }: BlocksRequest,
): Lengths {
  const layout = densityLayout(components, features, covarianceType);
  if (labelled) require("components", components === 1);
  const ofMeasure = measureLayout(labelled ? 0 : layout.framed, layout).length;
  const parameters = measured || labelled ? ofMeasure : layout.length;
  return { parameters, slot: statisticsLayout(components, features, covarianceType).length };
}
