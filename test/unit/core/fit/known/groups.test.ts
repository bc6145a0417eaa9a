import { describe, expect, test } from "vitest";
import { knownOfPoints, openGroups, requireHere } from "../../../../../packages/core/src/fit/known/groups.ts";
import type { RemoteExecutor } from "../../../../../packages/core/src/passes/executor.ts";
import { readPoint } from "../../../../../packages/core/src/points/tiles.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { expectFailure } from "../../../../support/failures.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";

const rows = [[1], [2], [3], [4], [5], [6]];
const sets = [[0, 1], [0], [1]];

async function groupsOf(setOf: number[], pointWeights?: number[]) {
  const executor = inThreadExecutor(tilePoints(rows, pointWeights));
  const { groups, close } = await openGroups(executor, { sets, setOf: Int32Array.from(setOf) });
  const found = groups.map(({ tiles, components }) => {
    const points = Array.from({ length: tiles.count }, (_, i) => readPoint(tiles, i, new Float64Array(1))[0]);
    return { components, points, weights: tiles.pointWeights && [...tiles.pointWeights.subarray(0, tiles.count)] };
  });
  close();
  return found;
}

describe("groups of points", () => {
  test("are copied, but for one with half of the points, which others leave by their weights", async () => {
    expect(await groupsOf([0, 1, 0, 0, 2, 0])).toEqual([
      { components: [0, 1], points: [1, 2, 3, 4, 5, 6], weights: [1, 0, 1, 1, 0, 1] },
      { components: [0], points: [2], weights: null },
      { components: [1], points: [5], weights: null },
    ]);
  });

  test("keep the weights of their points", async () => {
    expect(await groupsOf([1, 2, 2, 1, 0, 1], [1, 2, 3, 4, 5, 6])).toEqual([
      { components: [0, 1], points: [5], weights: [5] },
      { components: [0], points: [1, 2, 3, 4, 5, 6], weights: [1, 0, 0, 4, 0, 6] },
      { components: [1], points: [2, 3], weights: [2, 3] },
    ]);
  });

  test("need an entry for each row, and points in this process", () => {
    const executor = inThreadExecutor(tilePoints(rows));
    const { tiles } = executor;
    expectFailure(
      () => knownOfPoints(tiles, { sets, setOf: new Int32Array(5) }),
      "INVALID_OPTION",
      /6 entries, one for each row, got 5/,
    );
    const elsewhere = { ...executor, tiles: { ...tiles, data: { byteLength: 48 } } } as unknown as RemoteExecutor;
    expect(requireHere(executor)).toBe(executor);
    expectFailure(
      () => requireHere(elsewhere),
      "INVALID_OPTION",
      /`knownComponents` to be left out where the points lie on other machines/,
    );
  });
});
