import { fit, resolveFitOptions } from "@emix/core";
import { describe, expect, test } from "vitest";
import { simdBytes } from "../../packages/core/src/kernels/simd/host/program.ts";
import { cholesky } from "../../packages/core/src/linear-algebra/cholesky.ts";
import { triangleRow } from "../../packages/core/src/linear-algebra/triangle.ts";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";

// Fewer points than features once took seconds of singular value decompositions, and 300 features did not fit at all.

const FLOOR = 1e-12;

async function fitted(count: number, features: number, components: number, covarianceType: "full" | "tied") {
  const random = randomStream("wide", `${count} ${features}`);
  const data = Float64Array.from({ length: count * features }, (_, i) => {
    const point = Math.floor(i / features);
    return random.normal() + (i % components === point % components ? 3 : 0);
  });
  const executor = inThreadExecutor(tilePoints({ data, features }));
  const steps = fit(
    executor,
    resolveFitOptions({ components, covarianceType, seed: 1, initialization: "k-means++", regularization: FLOOR }),
  );
  for (;;) {
    const step = await steps.next();
    if (step.done) return { data, result: step.value };
  }
}

/** Mean and deviations of the points that belong to a component, by its mean. */
function group(data: Float64Array, mean: Float64Array): Float64Array[] {
  const features = mean.length;
  const rows = Array.from({ length: data.length / features }, (_, i) =>
    data.subarray(i * features, (i + 1) * features),
  );
  const near = (row: Float64Array) => row.reduce((sum, x, j) => sum + (x - mean[j]) ** 2, 0) < 2.5 * features;
  return rows.filter(near);
}

describe("fewer points than features", () => {
  test.each([
    [24, 250, 2],
    [20, 130, 2],
    [20, 300, 1],
  ])("%d points in %d features, %d full components: means, covariances, ranks", async (count, features, components) => {
    const { data, result } = await fitted(count, features, components, "full");
    const { mixture, warnings } = result;
    for (let c = 0; c < components; c++) {
      const mean = mixture.means.subarray(c * features, (c + 1) * features);
      const points = group(data, mean);
      const size = Math.round(mixture.weights[c] * count);
      expect(points).toHaveLength(size);
      for (const code of ["SINGULAR_COVARIANCE", "COLLAPSED_COMPONENT"]) {
        const ranks = warnings.filter((one) => one.code === code && one.component === c).map(({ rank }) => rank);
        expect(ranks.at(-1)).toBe(size - 1);
      }
      const covariance = mixture.packedCovariances.subarray(c * triangleRow(features), (c + 1) * triangleRow(features));
      for (let i = 0; i < features; i += 7) {
        expect(mean[i]).toBeCloseTo(points.reduce((sum, point) => sum + point[i], 0) / size, 12);
        for (let j = 0; j <= i; j += 11) {
          const scatter = points.reduce((sum, point) => sum + (point[i] - mean[i]) * (point[j] - mean[j]), 0);
          expect(covariance[triangleRow(i) + j]).toBeCloseTo(scatter / size, 9);
        }
      }
    }
  });

  test("the lower bound is that of the floored covariance, by the points' own products", async () => {
    const [count, features] = [20, 130];
    const { data, result } = await fitted(count, features, 1, "full");
    const mean = (j: number) => data.reduce((sum, x, i) => (i % features === j ? sum + x : sum), 0) / count;
    const means = Array.from({ length: features }, (_, j) => mean(j));
    const variance = (j: number) =>
      data.reduce((sum, x, i) => (i % features === j ? sum + (x - means[j]) ** 2 : sum), 0) / count;
    const floors = Array.from({ length: features }, (_, j) => FLOOR * variance(j));
    // Z Zᵀ/n of the scaled points has the eigenvalues t; Helmert's contrasts take out the mean.
    const contrast = (h: number, i: number) =>
      (i > h + 1 ? 0 : i === h + 1 ? -(h + 1) : 1) / Math.sqrt((h + 1) * (h + 2));
    const rows = Array.from({ length: count - 1 }, (_, h) =>
      floors.map((floor, j) => {
        let sum = 0;
        for (let i = 0; i < count; i++) sum += contrast(h, i) * data[i * features + j];
        return sum / Math.sqrt(floor * count);
      }),
    );
    const gram = Float64Array.from(
      rows.flatMap((a, i) => rows.slice(0, i + 1).map((b) => a.reduce((sum, value, j) => sum + value * b[j], 0))),
    );
    const root = cholesky(gram, count - 1) as Float64Array;
    let logDeterminant = floors.reduce((sum, floor) => sum + Math.log(floor), 0);
    for (let h = 0; h < count - 1; h++) logDeterminant += 2 * Math.log(root[triangleRow(h) + h]);
    // The points' squared distances are those within their span: n − 1 in all.
    const expected = -0.5 * (features * Math.log(2 * Math.PI) + logDeterminant + (count - 1));
    expect(result.lowerBound / expected).toBeCloseTo(1, 11);
  });

  test("a tied covariance of 24 points in 200 features has rank 22", async () => {
    const { result } = await fitted(24, 200, 2, "tied");
    expect(result.mixture.factors.every(Number.isFinite)).toBe(true);
    expect(result.warnings.find(({ code }) => code === "SINGULAR_COVARIANCE")?.rank).toBe(22);
  });

  test("300 features have a module of either width", () => {
    for (const bits of [128, 256] as const) {
      const shape = { components: 1, features: 301, covarianceType: "full", dtype: "f64", tileSize: 32 } as const;
      expect(WebAssembly.validate(simdBytes(shape, { relaxed: true, bits }))).toBe(true);
    }
  });
});
