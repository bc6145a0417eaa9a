import {
  blockGrid,
  COVARIANCE_TYPES,
  densityLayout,
  measureLayout,
  momentsLayout,
  type Quantity,
  statisticsLayout,
  tileCount,
  tileSizeFor,
  tilesBytes,
} from "@emix/core";
import {
  fieldsOf,
  isCount,
  isFields,
  isFlag,
  isListOf,
  isNumbers,
  isOf,
  isPositive,
  isSome,
  isText,
  require,
} from "../fields.ts";
import {
  type BlocksRequest,
  type EvaluateRequest,
  type FilesRequest,
  type GatherRequest,
  type NumbersRequest,
  type Plan,
  type ProgramRequest,
  READ_OPTIONS,
  type Task,
} from "../protocol.ts";

// A request is what somebody wrote to Redis. All of it is checked here, before anything is read or allocated; what comes out
// is trusted.

const MOST_FEATURES = 2 ** 16;
const QUANTITIES: readonly Quantity[] = [
  ...(["logDensities", "entropies", "logJoint", "responsibilities", "topResponsibilities"] as const),
  ...(["labels", "topComponents"] as const),
];
/** of `standsOf`, for each component */
const STAND_LENGTH = 5;

const FILE = { path: isText, bytes: isCount, checksum: isText, rows: isCount, points: isCount };
const FILES = { paths: isListOf(isText), read: isFields };
const PLAN = {
  ...{ id: isText, files: isListOf(isFields), read: isFields, count: isSome, features: isSome },
  ...{ dtype: isOf(["f64", "f32"]), weighted: isFlag },
};
const TRANSFORM = { log: isFlag, centre: Number.isFinite, scale: isPositive };
const PROGRAM = {
  ...{ kind: isOf(["reference", "simd", "simd256"]), components: isSome, covarianceType: isOf(COVARIANCE_TYPES) },
  ...{ arithmetic: isOf(["f64", "f32"]), strict: isFlag, machine: isFields },
};
const BLOCKS = { tilesInBlock: isSome, blocks: isSome, parameters: isNumbers, measured: isFlag, labelled: isFlag };
const EVALUATE = {
  parameters: isNumbers,
  quantities: isListOf(isOf(QUANTITIES)),
  top: isCount,
};

/** @throws CLUSTER_MISMATCH */
export function filesRequest(value: unknown): FilesRequest {
  const request = fieldsOf("request", value, FILES);
  requireReadable(request.read);
  return request as unknown as FilesRequest;
}

/** @throws CLUSTER_MISMATCH */
export function blocksRequest(value: unknown, { end }: Pick<Task, "end">): BlocksRequest {
  const request = fieldsOf("request", value, BLOCKS) as unknown as BlocksRequest;
  const plan = planIn(request.plan);
  const program = request.program === null ? null : programIn(request.program);
  const lengths = program === null ? lengthsOfMoments(plan) : lengthsOf(plan, program, request);
  require("parameters", request.parameters.length === lengths.parameters);
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
  require("stands", stands === undefined || (isNumbers(stands) && stands.length === components * STAND_LENGTH));
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

function planIn(value: unknown): Plan {
  const plan = fieldsOf("plan", value, PLAN) as unknown as Plan;
  require("features", plan.features <= MOST_FEATURES);
  for (const file of plan.files) fieldsOf("file", file, FILE);
  require("transforms", plan.transforms === null || areTransforms(plan.transforms, plan.features));
  require("count", plan.files.reduce((sum, { points }) => sum + points, 0) === plan.count);
  requireReadable(plan.read);
  return plan;
}

function areTransforms(transforms: unknown, features: number): boolean {
  if (!Array.isArray(transforms) || transforms.length !== features) return false;
  for (const each of transforms) fieldsOf("transform", each, TRANSFORM);
  return true;
}

function programIn(value: unknown): ProgramRequest {
  return fieldsOf("program", value, PROGRAM) as unknown as ProgramRequest;
}

/** No SELECT of a caller, and no option that this version does not know. What their values may be, `openFile` says. */
function requireReadable(read: unknown): void {
  require("read", Object.keys(read as object).every((name) => (READ_OPTIONS as readonly string[]).includes(name)));
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

function factsOf({ count, features, dtype }: Plan) {
  const byteLength = tilesBytes({ count, features, dtype, weighted: false });
  return { count, features, tileSize: tileSizeFor(features), data: { byteLength } };
}
