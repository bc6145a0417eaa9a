import { logVolumes, type Transform, transformsOf, transformTiles } from "@emix/core";
import { describe, expect, test } from "vitest";
import { logarithm } from "../../../../../packages/core/src/elementary/logarithm.ts";
import { openPoints } from "../../../../../packages/core/src/points/array-sources.ts";
import { readPoint } from "../../../../../packages/core/src/points/tiles.ts";
import { tilesFrom } from "../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { expectFailure } from "../../../../support/failures.ts";

const random = randomStream(3, "transforms");
const rows = Array.from({ length: 500 }, () => [
  1e8 + 3 * random.normal(),
  Math.exp(2 + random.normal()),
  1e-160 * random.normal(),
]);
const weights = rows.map((_, i) => i % 4);
const tilesOf = (given: (number | null)[][] = rows, pointWeights?: number[]) =>
  tilesFrom(openPoints(given as number[][]), { missing: "drop", ...(pointWeights && { pointWeights }) });
const all = (tiles: ReturnType<typeof tilesOf>) =>
  Array.from({ length: tiles.count }, (_, i) => [...readPoint(tiles, i, new Float64Array(tiles.features))]);
const log = [false, true, false];

describe("standardizing", () => {
  test.each([[undefined], [weights]])("gives mean 0 and variance 1, by weight", (pointWeights) => {
    const tiles = tilesOf(rows, pointWeights);
    const transforms = transformsOf(tiles, { log, standardize: true });
    const points = all(transformTiles(tiles, transforms));
    const weightOf = (i: number) => pointWeights?.[i] ?? 1;
    const total = points.reduce((sum, _, i) => sum + weightOf(i), 0);
    for (let j = 0; j < 3; j++) {
      const mean = points.reduce((sum, point, i) => sum + weightOf(i) * point[j], 0) / total;
      const variance = points.reduce((sum, point, i) => sum + weightOf(i) * (point[j] - mean) ** 2, 0) / total;
      expect(Math.abs(mean)).toBeLessThan(1e-7); // of 1e8, a double keeps that much
      expect(Math.abs(variance - 1)).toBeLessThan(1e-7);
    }
  });

  test("each number is what its transform says", () => {
    const transforms: Transform[] = log.map((each, j) => ({ log: each, centre: j - 1, scale: j + 0.5 }));
    const points = all(transformTiles(tilesOf(), transforms));
    rows.forEach((row, i) => {
      const right = row.map((x, j) => ((log[j] ? logarithm(x) : x) - (j - 1)) / (j + 0.5));
      expect(points[i]).toEqual(right);
    });
  });

  test("a constant column is only moved to 0", () => {
    const tiles = tilesOf([[5], [5], [5]]);
    expect(transformsOf(tiles, { log: [false], standardize: true })).toEqual([{ log: false, centre: 5, scale: 1 }]);
  });
});

test("volumes are derivatives: the density of a lognormal", () => {
  const tiles = tilesOf([[2], [3], [null], [7]]);
  const transforms: Transform[] = [{ log: true, centre: 1, scale: 0.5 }];
  const volumes = logVolumes(transformTiles(tiles, transforms), transforms);
  [2, 3, 7].forEach((x, i) => {
    expect(volumes[i]).toBeCloseTo(-Math.log(0.5 * x), 13);
  });
});

test("the logarithm of what has none is refused, by the row that was given", () => {
  const tiles = () =>
    tilesOf([
      [1, 1],
      [null, 2],
      [3, 0],
      [2, 2],
    ] as number[][]);
  const transforms: Transform[] = [false, true].map((each) => ({ log: each, centre: 0, scale: 1 }));
  const message = /above 0, to take its logarithm, in row 2, column 1 .* got 0/;
  expectFailure(() => transformTiles(tiles(), transforms), "INVALID_POINTS", message);
  expectFailure(() => transformsOf(tiles(), { log: [false, true], standardize: true }), "INVALID_POINTS", message);
  expect(transformsOf(tiles(), { log: [true, false], standardize: false })).toEqual(
    transforms.map((each, j) => ({ ...each, log: j === 0 })),
  );
});
