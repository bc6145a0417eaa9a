import type { CovarianceType } from "@emix/core";
import { describe, expect, test } from "vitest";
import { estimate } from "../../../../packages/core/src/components/estimate.ts";
import { statisticsLayout } from "../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { expectFailure } from "../../../support/failures.ts";
import { statisticsOf } from "../../../support/statistics.ts";

function estimateOf(type: CovarianceType, pivots: number[], slot: number[]) {
  return estimate(statisticsOf(statisticsLayout(slot[1], pivots.length / slot[1], type), slot, pivots));
}

describe("what statistics say of components", () => {
  test("by hand: δ = s/N, mean = pivot + δ in two doubles, v = S/N − δ²", () => {
    const found = estimateOf("diag", [2 ** 60, 5, 1, 2], [-1, 2, 0.5, 4, 0.5, 1, 2, -4, 1, 4, 9, 8]);
    expect(found).toMatchObject({
      masses: Float64Array.of(0.5, 4),
      shifts: Float64Array.of(1, 2, 0.5, -1),
      means: Float64Array.of(2 ** 60, 7, 1.5, 1),
      meansResidual: Float64Array.of(1, 0, 0, 0),
      packedCovariances: Float64Array.of(1, 4, 2, 1),
    });
  });

  test("a mass of 2⁻⁹⁶⁰ counts, less does not", () => {
    const of = (mass: number) => estimateOf("spherical", [3], [-1, 1, mass, mass, 2 * mass]);
    expect(of(2 ** -960)).toMatchObject({ masses: Float64Array.of(2 ** -960), means: Float64Array.of(4) });
    expect(of(2 ** -961)).toMatchObject({
      masses: Float64Array.of(0),
      shifts: Float64Array.of(0),
      means: Float64Array.of(3),
    });
  });

  test("a variance of 0 is taken for one that no floor is below", () => {
    expect(estimateOf("diag", [3], [-1, 1, 1, 0, 0])).toMatchObject({
      packedCovariances: Float64Array.of(0),
      factors: Float64Array.of(1 / (3 * 2 ** -400)),
      singular: Uint8Array.of(1),
    });
    expect(estimateOf("diag", [0], [-1, 1, 1, 0, 0]).factors[0]).toBe(2 ** 500);
  });

  test("sums that no double holds are OVERFLOW", () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expectFailure(() => estimateOf("diag", [3], [-1, 1, 1, 0, bad]), "OVERFLOW", /sums over the points/);
    }
  });
});
