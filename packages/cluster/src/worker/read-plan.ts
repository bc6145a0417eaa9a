import { type blockGrid, tileSizeFor, tilesBytes } from "@emix/core";
import { fieldsOf, isCount, isFields, isFlag, isListOf, isOf, isPositive, isSome, isText, require } from "../fields.ts";
import { type Plan, READ_OPTIONS } from "../protocol.ts";

const MOST_FEATURES = 2 ** 16;
const FILE = { path: isText, bytes: isCount, checksum: isText, rows: isCount, points: isCount };
const PLAN = {
  ...{ id: isText, files: isListOf(isFields), read: isFields, count: isSome, features: isSome },
  ...{ dtype: isOf(["f64", "f32"]), weighted: isFlag },
};
const TRANSFORM = { log: isFlag, centre: Number.isFinite, scale: isPositive };

/** @throws CLUSTER_MISMATCH */
export function planIn(value: unknown): Plan {
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

/** No SELECT of a caller, and no option that this version does not know. What their values may be, `openFile` says. */
export function requireReadable(read: unknown): void {
  require("read", Object.keys(read as object).every((name) => (READ_OPTIONS as readonly string[]).includes(name)));
}

/** What a grid of blocks depends on. */
export function factsOf({ count, features, dtype }: Plan): Parameters<typeof blockGrid>[0] {
  const byteLength = tilesBytes({ count, features, dtype, weighted: false });
  return { count, tileSize: tileSizeFor(features), data: { byteLength } };
}
