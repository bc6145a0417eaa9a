import { randomStream, startFrom } from "@emix/core";
import { describe, expect, test } from "vitest";
import { converged } from "../../../packages/core/src/convergence.ts";
import { mixtureOf } from "../../support/scenes.ts";

describe("the stop rule", () => {
  test.each([
    [-1, -1.1, 0.1, false],
    [-1, -1.05, 0.1, true],
    [-1.05, -1, 0.1, true],
    [-1, Number.NEGATIVE_INFINITY, 1e300, false],
    [-1, -1, 0, false],
    [-1, -1, Number.MIN_VALUE, true],
  ])("bound %s after %s, tolerance %s: %s", (bound, previous, tolerance, expected) => {
    expect(converged(bound, previous, { tolerance, maxIterations: 9 })).toBe(expected);
  });

  test("a start has taken no iteration and knows no bound", () => {
    const { parameters } = mixtureOf("full", 1, 1, randomStream(1, "m"));
    expect(startFrom(parameters)).toEqual({
      iteration: 0,
      mixture: parameters,
      lowerBound: Number.NEGATIVE_INFINITY,
      converged: false,
      warnings: [],
      redone: [],
      reseeds: 0,
    });
  });
});
