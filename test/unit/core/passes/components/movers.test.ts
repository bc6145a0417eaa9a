import type { CovarianceType, Executor } from "@emix/core";
import { expect, test } from "vitest";
import { type Position, positionsOf } from "../../../../../packages/core/src/kernels/position.ts";
import { densityLayout, densityParameters } from "../../../../../packages/core/src/mixture/density.ts";
import { moversBy } from "../../../../../packages/core/src/passes/components/movers.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";
import { mixtureOf } from "../../../../support/scenes.ts";

/** Positions of a mixture, each as often as it takes to have so many. */
function positions(type: CovarianceType, features: number, count: number, seed: number): Position[] {
  const mixture = mixtureOf(type, 10, features, randomStream(seed, "positions")).parameters;
  const layout = densityLayout(10, features, type);
  const all = positionsOf(mixture, densityParameters(mixture), layout, "f64");
  return Array.from({ length: count }, (_, i) => all[i % 10]);
}

test.each([
  ["full", 16, 90, 1],
  ["tied", 16, 90, 1],
  ["diag", 64, 2700, 2],
] as const)(
  "threads find the same movers among %s components, d = %i, k = %i",
  async (type, features, count, passes) => {
    const executor = inThreadExecutor(tilePoints({ data: Float64Array.of(1, 2), features: 1 }));
    let runs = 0;
    const threads: Executor = {
      ...executor,
      threads: 2,
      run: (pass, consume) => {
        runs++;
        return executor.run(pass, consume);
      },
    };
    const before = positions(type, features, count, 1);
    const after = positions(type, features, count, 2);
    // Every third component moves.
    const now = before.map((position, i) => (i % 3 === 1 ? after[i] : position));
    const movers = await moversBy(threads, before, now, before[0].height - 100);
    expect(runs).toBe(passes);
    expect(movers).toEqual(await moversBy(executor, before, now, before[0].height - 100));
    expect(movers.filter((component) => component % 3 === 1)).toEqual(movers);
    expect(movers.length).toBeGreaterThan(0);
    expect(runs).toBe(passes);
  },
);
