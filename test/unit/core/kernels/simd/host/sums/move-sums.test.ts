import { describe, expect, test } from "vitest";
import {
  COVARIANCE_TYPES,
  covarianceRow,
  type MatrixKind,
} from "../../../../../../../packages/core/src/covariance/types.ts";
import { moveSums } from "../../../../../../../packages/core/src/kernels/simd/host/sums/move-sums.ts";
import { statisticsLayout } from "../../../../../../../packages/core/src/statistics/sufficient-statistics.ts";

// Σ r (z − Δ) = s − N Δ and Σ r (z − Δ)(z − Δ)ᵀ = S − Δ sᵀ − s Δᵀ + N Δ Δᵀ, by hand, of the points (1, 2) and (3, 5)
// with r = 1 and 2 in component 0, (4, −1) with r = 3 in component 1, and shifts (1, 2) and (−1, 3).

const BEFORE = { masses: [3, 3], sums: [7, 12, 12, -3] };
const MOVED = { masses: [3, 3], sums: [4, 6, 15, -12] };

/** The scatters of the two components, before and after. */
const SCATTERS: Readonly<Record<MatrixKind, readonly (readonly [readonly number[], readonly number[]])[]>> = {
  triangle: [
    [
      [19, 32, 54],
      [48, -12, 3],
    ],
    [
      [8, 12, 18],
      [75, -60, 48],
    ],
  ],
  diagonal: [
    [
      [19, 54],
      [48, 3],
    ],
    [
      [8, 18],
      [75, 48],
    ],
  ],
  scalar: [
    [[73], [51]],
    [[26], [123]],
  ],
};

describe("sums about another pivot", () => {
  test.each(COVARIANCE_TYPES)("%s", (type) => {
    const { matrix, shared } = covarianceRow(type);
    const [scatter, moved] = SCATTERS[matrix].map(([one, other]) =>
      shared ? one.map((value, i) => value + other[i]) : [...one, ...other],
    );
    const slot = Float64Array.of(-8, 6, ...BEFORE.masses, ...BEFORE.sums, ...scatter);
    moveSums(slot, statisticsLayout(2, 2, type), Float64Array.of(1, 2, -1, 3));
    expect([...slot]).toEqual([-8, 6, ...MOVED.masses, ...MOVED.sums, ...moved]);
  });
});
