import { openPoints, withWeights } from "@emix/core";
import { describe, expect, test } from "vitest";
import { atOnce } from "../../../../packages/core/src/points/stretches.ts";
import { tilePoints, tilesFrom } from "../../../../packages/core/src/points/tiling.ts";
import { expectFailure } from "../../../support/failures.ts";

const rows = [[1], [2], [3]];
const gaps = [[Number.NaN], [1], [null], [2], [3], [Number.POSITIVE_INFINITY]];
const allocate = (bytes: number) => new ArrayBuffer(bytes);

describe("weights of points", () => {
  test.each<[unknown[], string]>([
    [[1, -1, 1], "got -1 in row 1 (counted from 0)."],
    [[1, 1, Number.NaN], "got NaN in row 2 (counted from 0)."],
    [[Number.POSITIVE_INFINITY, 1, 1], "got Infinity in row 0 (counted from 0)."],
    [["1", 1, 1], 'got "1" in row 0 (counted from 0).'],
    [[1, null, 1], "got null in row 1 (counted from 0)."],
  ])("%j are refused", (weights, got) => {
    const message = `Expected point weights to be finite and not negative, ${got}`;
    const error = expectFailure(() => tilePoints(rows, weights as number[]), "INVALID_WEIGHT", message);
    expect(error.details).toMatchObject({ row: expect.any(Number) });
  });

  test("of the wrong number, of no array, of no weight", () => {
    const message = "Expected one weight for each of 3 rows, got 2.";
    expectFailure(() => tilePoints(rows, [1, 1]), "INVALID_WEIGHT", message);
    expectFailure(() => tilePoints(rows, null as unknown as number[]), "INVALID_OPTION", /`pointWeights`.*got null/);
    expectFailure(() => tilePoints(rows, 3 as unknown as number[]), "INVALID_OPTION", /`pointWeights`.*got 3/);
    expectFailure(
      () => tilePoints(rows, [0, 0, 0]),
      "ZERO_TOTAL_WEIGHT",
      "Expected a positive total weight, got only zeros in `pointWeights`; give at least one point a positive weight.",
    );
  });

  test.each([
    [1e308, "Infinity"],
    [1e-300, "3e-300"],
    [5e-324, "1.5e-323"],
  ])("of %s each: products would leave the doubles", (weight, total) => {
    expectFailure(
      () => tilePoints(rows, [weight, weight, weight]),
      "INVALID_WEIGHT",
      `Expected point weights with a total from 1e-250 to 1e250, got ${total} in \`pointWeights\`; scale them, which does not change the fit.`,
    );
  });

  test.each([1e-250, 1e250])("a total of %s is within the bound", (total) => {
    expect(tilePoints([[1], [2]], [total, 0]).pointWeights?.[0]).toBe(total);
  });

  test("are one for each row given; those of dropped rows count for nothing", () => {
    const pointWeights = [-1, 1, Number.NaN, 2, 3, Number.POSITIVE_INFINITY];
    const tiles = tilesFrom(openPoints(gaps), { missing: "drop", pointWeights });
    expect(tiles).toEqual({ ...tilePoints(rows, [1, 2, 3]), dropped: Uint32Array.of(0, 2, 5) });
    const options = (weights: number[]) => ({ missing: "drop" as const, pointWeights: weights });
    expectFailure(() => tilesFrom(openPoints(gaps), options([1, 2, 3])), "INVALID_WEIGHT", /each of 6 rows, got 3/);
    expectFailure(() => tilesFrom(openPoints(gaps), options([1, 0, 1, 0, 0, 1])), "ZERO_TOTAL_WEIGHT");
    expectFailure(() => tilesFrom(openPoints(gaps), options([1, 1, 1, -2, 0, 1])), "INVALID_WEIGHT", /got -2 in row 3/);
  });

  test("may be given anew, over the same coordinates", () => {
    const tiles = tilesFrom(openPoints(gaps), { missing: "drop", pointWeights: [1, 1, 1, 1, 1, 1] });
    const anew = atOnce(withWeights(tiles, [9, 1, 9, 2, 3, 9], allocate));
    expect(anew.data).toBe(tiles.data);
    expect([...(anew.pointWeights as Float64Array).slice(0, 4)]).toEqual([1, 2, 3, 0]);
    expectFailure(() => atOnce(withWeights(tiles, [1, 2, 3], allocate)), "INVALID_WEIGHT", /each of 6 rows/);
  });
});
