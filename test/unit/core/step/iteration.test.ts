import { startFrom } from "@emix/core";
import { expect, test } from "vitest";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { mixtureOf } from "../../../support/scenes.ts";

test("a start has taken no iteration and knows no bound", () => {
  const { parameters } = mixtureOf("full", 1, 1, randomStream(1, "m"));
  const start = {
    iteration: 0,
    mixture: parameters,
    lowerBound: Number.NEGATIVE_INFINITY,
    gain: Number.POSITIVE_INFINITY,
    converged: false,
    course: null,
    warnings: [],
    lookedAtAgain: [],
    reseeds: 0,
  };
  expect(startFrom(parameters)).toEqual(start);
  const warnings = [{ code: "COLLAPSED_COMPONENT", component: 0, rank: 0 }] as const;
  expect(startFrom(parameters, warnings)).toEqual({ ...start, warnings });
});

test("a start may know curvature, but no step that led to it", () => {
  const { parameters } = mixtureOf("full", 1, 1, randomStream(1, "m"));
  const pairs = [{ step: Float64Array.of(1), change: Float64Array.of(2), product: 2 }];
  expect(startFrom(parameters, [], pairs)).toEqual({
    ...startFrom(parameters),
    course: { pairs, promise: Number.POSITIVE_INFINITY, leap: null },
  });
});
