import type { Mixture } from "@emix/core";
import { expect, test } from "vitest";
import { STAND } from "../../../../../packages/core/src/kernels/pair-lists.ts";
import { positionIn, standsOf, staying } from "../../../../../packages/core/src/kernels/position.ts";
import { densityLayout, densityParameters } from "../../../../../packages/core/src/mixture/density.ts";
import { moversBy, standingBytes, standingIn } from "../../../../../packages/core/src/passes/components/movers.ts";
import type { ExpectationPass } from "../../../../../packages/core/src/passes/pass.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { inflationsIn } from "../../../../../packages/core/src/statistics/frames.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";
import { mixtureOf } from "../../../../support/scenes.ts";

const executor = inThreadExecutor(tilePoints({ data: Float64Array.of(1, 2), features: 1 }));

/** A pass of which nothing but the shape and the parameters is asked. */
function passOf({ components, features, covarianceType }: Mixture, parameters: Float64Array): ExpectationPass {
  const program = { kind: "simd", shape: { components, features, covarianceType }, simd: { arithmetic: "f64" } };
  return {
    kind: "expectation",
    program: program as unknown as ExpectationPass["program"],
    parameters,
    measured: false,
  };
}

function contextOf(mixture: Mixture) {
  const { components, features, covarianceType } = mixture;
  const layout = densityLayout(components, features, covarianceType);
  const parameters = densityParameters(mixture);
  return { parameters, layout, arithmetic: "f64", inflations: inflationsIn(mixture) } as const;
}

test.each([
  ["full", 16, 300],
  ["tied", 16, 300],
  ["diag", 64, 700],
] as const)(
  "finds the movers of %s components, d = %i, k = %i, and where they stand",
  async (type, features, count) => {
    const first = mixtureOf(type, count, features, randomStream(1, "positions")).parameters;
    const other = mixtureOf(type, count, features, randomStream(2, "positions")).parameters;
    const shape = { components: count, features, covarianceType: type };
    const standing = standingIn(new ArrayBuffer(standingBytes(shape)), 0, shape);
    const look = (mixture: Mixture, floor: number | null) =>
      moversBy(executor, passOf(mixture, densityParameters(mixture)), inflationsIn(mixture), { standing, floor });
    // Every third mean is another one.
    const means = first.means.map((mean, i) => (Math.floor(i / features) % 3 === 1 ? other.means[i] : mean));
    const next = { ...first, means };
    const [before, now] = [first, next].map((mixture) => positionIn(contextOf(mixture)));
    const floor = before(0).height - 100;
    const stays = staying(type, features, floor);

    expect(await look(first, null)).toEqual(new Int32Array(0));
    expect(standing.stands).toEqual(standsOf(contextOf(first)));
    const movers = await look(next, floor);
    expect([...movers]).toEqual([...means.keys()].slice(0, count).filter((c) => !stays(before(c), now(c))));
    expect(movers.length).toBeGreaterThan(0);
    expect([...movers].every((component) => component % 3 === 1)).toBe(true);
    const expected = standsOf(contextOf(next));
    for (let at = STAND.narrow; at < expected.length; at += STAND.length) {
      // A component that stays is as wide as it may be by what is known of it.
      expect(standing.stands[at]).toBeLessThanOrEqual(expected[at]);
      expect(standing.stands[at]).toBeCloseTo(expected[at], 6);
      expected[at] = standing.stands[at];
    }
    expect(standing.stands).toEqual(expected);
    expect(await look(next, floor)).toEqual(new Int32Array(0));
  },
);
