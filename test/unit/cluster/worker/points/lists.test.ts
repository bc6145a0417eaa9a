import type { ExpectationPass } from "@emix/core";
import { describe, expect, test } from "vitest";
import type { BlocksRequest, ListingRequest } from "../../../../../packages/cluster/src/protocol.ts";
import { WorkerLists } from "../../../../../packages/cluster/src/worker/points/lists.ts";
import { GaussianMixture } from "../../../../../packages/core/src/gaussian-mixture.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { expectationPass } from "../../../../../packages/core/src/step/expectation.ts";
import { contextOf } from "../../../../../packages/core/src/step/lists/context.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";

const [K, D, N] = [64, 8, 8192];
const random = randomStream("worker", "lists");
const means = Array.from({ length: K * D }, () => 20 * random.normal());
// Neighbours lie side by side, as in points that were put in order.
const data = Float64Array.from({ length: N * D }, (_, i) => {
  const group = Math.floor((Math.floor(i / D) * K) / N);
  return means[group * D + (i % D)] + random.normal();
});
const covariances = Array.from({ length: K * D }, () => 1);
const { parameters: mixture } = GaussianMixture.fromParameters({
  ...{ weights: new Array(K).fill(1 / K), means, covariances, covarianceType: "diag" },
});
const executor = inThreadExecutor(tilePoints({ data, features: D }), "simd");
const dense = expectationPass(executor, mixture, { ruleOfZero: true });
const { inflations, unit, scales } = contextOf(mixture);
const range = { first: 0, end: 4 };

const requestOf = (run: string): BlocksRequest & { readonly listing: ListingRequest } => {
  const listing = { run, inflations, unit, scales: scales(), wider: null };
  return { plan: { id: "plan", features: D }, listing } as unknown as ReturnType<typeof requestOf>;
};

const slotsOf = (pass: ExpectationPass) => executor.run(pass, ({ values }) => Array.from(values, (value) => value + 0));

describe("the lists of a worker", () => {
  test("leave out pairs from the second step on, and change no bit", async () => {
    const lists = new WorkerLists(2 ** 30);
    const expected = await slotsOf(dense);
    for (let step = 0; step < 3; step++) {
      const pass = await lists.listed(executor, dense, requestOf("a run"), range);
      if (step > 0) expect(pass.lists?.counts.every((count) => count >= 0 && count < K / 4)).toBe(true);
      expect(await slotsOf(pass)).toEqual(expected);
    }
  });

  test("are those of one run and one range", async () => {
    const lists = new WorkerLists(2 ** 30);
    const counts = async (run: string, end: number) =>
      (await lists.listed(executor, dense, requestOf(run), { first: 0, end })).lists?.counts;
    const first = await counts("one", 4);
    expect(await counts("another", 4)).not.toBe(first);
    expect(await counts("one", 5)).not.toBe(first);
    expect(await counts("one", 4)).toBe(first);
  });

  test("go where they take too much memory, those first that were not used for longest", async () => {
    const none = new WorkerLists(0);
    expect(await none.listed(executor, dense, requestOf("a run"), range)).toBe(dense);
    const some = new WorkerLists(2 ** 30);
    const counts = async (run: number) =>
      (await some.listed(executor, dense, requestOf(`${run}`), range)).lists?.counts;
    const first = await counts(0);
    for (let run = 1; run < 8; run++) await counts(run);
    expect(await counts(0)).toBe(first);
    const second = await counts(8).then(() => counts(0));
    expect(second).toBe(first);
    for (let run = 9; run < 17; run++) await counts(run);
    expect(await counts(0)).not.toBe(first);
  });
});
