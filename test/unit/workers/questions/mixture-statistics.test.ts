import { COVARIANCE_TYPES, GaussianMixture, plainStatistics } from "@emix/core";
import { MixtureStatistics, maximize, mergeStatistics } from "emix";
import { describe, expect, test } from "vitest";
import { tilePoints } from "../../../../packages/core/src/points/tiling.ts";
import { scaledError } from "../../../support/compare.ts";
import { expectFailure } from "../../../support/failures.ts";
import { inThreadExecutor } from "../../../support/in-thread-executor.ts";
import { clusters } from "../../../support/points.ts";

const points = clusters(8192, 3, 3, "statistics");
const half = (first: number) => ({ ...points, data: points.data.subarray(first * 3, (first + 4096) * 3) });
const start = GaussianMixture.fromParameters({
  weights: [0.3, 0.4, 0.3],
  means: [
    [0, 0, 0],
    [4, -2, 4],
    [8, -4, 8],
  ],
  covariances: [0, 1, 2].map(() => [2, 2, 2]),
  covarianceType: "diag",
});

async function taken(of: typeof points, mixture = start, weights?: ArrayLike<number>): Promise<MixtureStatistics> {
  const executor = inThreadExecutor(tilePoints(of, weights));
  return new MixtureStatistics(mixture, await plainStatistics(executor, mixture.parameters, undefined));
}

describe("statistics of a mixture", () => {
  test("of halves that the tree of blocks has are those of the whole, bit for bit", async () => {
    const whole = await taken(points);
    const both = mergeStatistics([await taken(half(0)), await taken(half(4096))]);
    expect(both).toEqual(whole);
    expect(JSON.stringify(maximize(both))).toBe(JSON.stringify(maximize(whole)));
  });

  test.each(COVARIANCE_TYPES)("of any parts are those of the whole to rounding: %s", async (covarianceType) => {
    const shared = covarianceType.startsWith("tied");
    const own = {
      full: [
        [2, 0, 0],
        [0, 2, 0],
        [0, 0, 2],
      ],
      diag: [2, 2, 2],
      spherical: 2,
    } as const;
    const one = own[(covarianceType.replace("tied-", "").replace("tied", "full") || "full") as keyof typeof own];
    const { weights, means } = start;
    const covariances = (shared ? one : [one, one, one]) as number[];
    const mixture = GaussianMixture.fromParameters({ weights, means, covariances, covarianceType });
    const parts = [0, 1000, 1001, 8192].flatMap((from, i, cuts) => (i === 3 ? [] : [[from, cuts[i + 1]]]));
    const shards = parts.map(([from, to]) =>
      taken({ ...points, data: points.data.subarray(3 * from, 3 * to) }, mixture),
    );
    const merged = maximize(mergeStatistics(await Promise.all(shards)));
    const whole = maximize(await taken(points, mixture));
    expect(scaledError(merged.means, whole.means)).toBeLessThan(1e-14);
    expect(scaledError(merged.covariances, whole.covariances)).toBeLessThan(1e-13);
  });

  test("tell what they are of", async () => {
    const weights = Float64Array.from({ length: 8192 }, (_, i) => i % 3);
    const statistics = await taken(points, start, weights);
    expect(statistics.weightTotal).toBe(weights.reduce((sum, weight) => sum + weight, 0));
    expect(statistics.lowerBound).toBeCloseTo(start.score(points, { pointWeights: weights }), 10);
    const sum = statistics.responsibilitySums.reduce((total, mass) => total + mass, 0);
    expect(statistics.responsibilitySums.buffer.byteLength).toBe(statistics.responsibilitySums.byteLength);
    expect(sum).toBeCloseTo(statistics.weightTotal, 8);
  });

  test("keep every bit as JSON, and other JSON is refused", async () => {
    const statistics = await taken(half(0));
    const json = JSON.parse(JSON.stringify(statistics));
    expect(MixtureStatistics.fromJSON(json)).toEqual(statistics);
    for (const broken of [
      null,
      { ...json, version: 2 },
      { ...json, sums: json.sums.slice(1) },
      { ...json, errors: json.errors.map(() => "0") },
      { ...json, sums: json.sums.map(() => 0) },
      { ...json, pivots: null },
      { ...json, mixture: {} },
    ]) {
      expectFailure(() => MixtureStatistics.fromJSON(broken), "BAD_MODEL_FILE");
    }
  });

  test("are only added where they were taken under one mixture", async () => {
    const [one, other] = [await taken(half(0)), await taken(half(0), maximize(await taken(half(0))))];
    expectFailure(() => mergeStatistics([one, other]), "INVALID_OPTION");
    expectFailure(() => mergeStatistics([]), "INVALID_OPTION");
    expectFailure(() => mergeStatistics([one, {} as MixtureStatistics]), "INVALID_OPTION");
    expectFailure(() => maximize({} as MixtureStatistics), "INVALID_OPTION");
    expectFailure(() => maximize(one, { floor: 1 } as never), "UNKNOWN_OPTION");
  });

  test("with a ridge give the variances of the step, and the ridge", async () => {
    const statistics = await taken(points);
    const raised = maximize(statistics, { regularization: { absolute: 0.5 } });
    const plain = maximize(statistics);
    expect(
      scaledError(
        raised.covariances,
        plain.covariances.map((value) => value + 0.5),
      ),
    ).toBeLessThan(1e-15);
  });
});
