import { GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import {
  densityLayout,
  densityParameters,
  FARTHEST,
  logDensityUnit,
  NEGLIGIBLE,
} from "../../../../packages/core/src/mixture/density.ts";
import { measureLayout, withMeasure } from "../../../../packages/core/src/statistics/frames.ts";

// L₀ = [2 0; 1 4] and L₁ = [1 0; −2 ½], so that W₀ = [½ 0; −⅛ ¼] and W₁ = [1 0; 4 2].
const { parameters } = GaussianMixture.fromParameters({
  weights: [0.75, 0.25],
  means: [1, 2, 3, 4],
  covariances: [4, 2, 2, 17, 1, -2, -2, 4.25],
});
const mixture = { ...parameters, meansResidual: Float64Array.of(2 ** -60, 2 ** -61, 2 ** -62, 2 ** -63) };
const layout = densityLayout(2, 2, "full");
const part = (from: number, length: number, of = densityParameters(mixture)) => [...of.subarray(from, from + length)];

describe("what kernels read of a mixture", () => {
  test("stands one after the other", () => {
    const { logConstants, zeroThresholds, pivots, biases, factors, framed, length } = layout;
    expect([logConstants, zeroThresholds, pivots, biases, factors, framed, length]).toEqual([0, 2, 4, 8, 12, 18, 20]);
    expect(densityLayout(3, 2, "tied")).toMatchObject({ pivots: 6, biases: 12, factors: 18, framed: 21, length: 24 });
    expect(densityLayout(3, 2, "diag").length).toBe(27);
    expect(densityLayout(3, 2, "spherical").length).toBe(24);
  });

  test("log constants, in units in which the heavier component's W has the diagonal (1, 1)", () => {
    // W₁ is diag 2, 8 of them: log ¼ + log 16
    expect(part(layout.logConstants, 2)).toEqual([Math.log(0.75), Math.log(0.25) + (Math.log(2) + Math.log(8))]);
    expect(logDensityUnit(mixture)).toBe(-Math.log(2 * Math.PI) - 3 * Math.LN2);
  });

  test("the rule of zero: logc/32 − log π + 43.18", () => {
    const [first, second] = part(layout.logConstants, 2);
    expect(part(layout.zeroThresholds, 2)).toEqual([
      first / 32 - Math.log(0.75) + 43.18,
      second / 32 - Math.log(0.25) + 43.18,
    ]);
    const without = densityParameters(mixture, { ruleOfZero: false });
    for (const threshold of part(layout.zeroThresholds, 2, without)) expect(threshold).toBeGreaterThan(FARTHEST);
  });

  test("pivots, the low words whitened, factors; no frames", () => {
    expect(part(layout.pivots, 4)).toEqual([1, 2, 3, 4]);
    expect(part(layout.biases, 4)).toEqual([2 ** -61, 0, 2 ** -62, 2 ** -60 + 2 ** -62]);
    expect(part(layout.factors, 6)).toEqual([0.5, -0.125, 0.25, 1, 4, 2]);
    expect(part(layout.framed, 2)).toEqual([0, 0]);
  });

  test("frames by flags, or a measure in their place", () => {
    const frames = { framed: Int8Array.of(0, 1), factors: mixture.factors };
    expect(part(layout.framed, 2, densityParameters(mixture, { ruleOfZero: true, frames }))).toEqual([0, 1]);
    const measure = {
      pivots: Float64Array.of(9, 8, 7, 6),
      frames: { framed: Int8Array.of(-1, 1), factors: Float64Array.of(1, 2, 3, 4, 5, 6) },
    };
    const measured = densityParameters(mixture, { ruleOfZero: true, measure });
    expect([...measured.subarray(0, layout.framed)]).toEqual(part(0, layout.framed));
    expect([...measured.subarray(layout.framed)]).toEqual([-1, 1, 9, 8, 7, 6, 1, 2, 3, 4, 5, 6]);
    const at = measureLayout(layout.framed, mixture);
    expect(at).toEqual({ framed: 18, pivots: 20, frames: 24, length: 30 });
    expect(withMeasure(densityParameters(mixture), at, measure)).toEqual(measured);
  });

  test("a component of weight 0 claims nothing, rule or not", () => {
    const absent = { ...mixture, weights: Float64Array.of(1, 0) };
    for (const ruleOfZero of [true, false]) {
      const of = densityParameters(absent, { ruleOfZero });
      expect([of[1], of[layout.zeroThresholds + 1]]).toEqual([NEGLIGIBLE, 0]);
    }
  });

  test("the heaviest component sets the units, the first of a tie", () => {
    const units = (...weights: number[]) => logDensityUnit({ ...mixture, weights: Float64Array.from(weights) });
    const [first, second] = [-Math.log(2 * Math.PI) - 3 * Math.LN2, -Math.log(2 * Math.PI) + Math.LN2];
    expect([units(0.75, 0.25), units(0.5, 0.5), units(0.25, 0.75)]).toEqual([first, first, second]);
  });
});
