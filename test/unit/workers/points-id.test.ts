import { expect, test } from "vitest";
import { tilesBetween } from "../../../packages/core/src/points/tiles.ts";
import { loadPoints } from "../../../packages/workers/src/loaded-points.ts";
import { pointsIdOf } from "../../../packages/workers/src/points-id.ts";

const some = () => loadPoints([[1], [2], [3]], { allocate: (bytes) => new SharedArrayBuffer(bytes) });

test("points in the same memory have one number, and others a higher one", async () => {
  const [{ tiles }, { tiles: others }] = [await some(), await some()];
  const id = pointsIdOf(tiles);
  expect(pointsIdOf(others)).toBeGreaterThan(id);
  expect(pointsIdOf(tilesBetween(tiles, 0, 1))).toBe(id);
  expect(pointsIdOf({ ...tiles })).toBe(id);
});
