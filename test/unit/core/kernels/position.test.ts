import fc from "fast-check";
import { expect, test } from "vitest";
import { matrixForm } from "../../../../packages/core/src/covariance/forms.ts";
import { FARTHER_SKIN, NEARER_SKIN, SKIN, TILE_SKIN } from "../../../../packages/core/src/kernels/pair-lists.ts";
import { cameNearerBy, type Position, positionIn, staying } from "../../../../packages/core/src/kernels/position.ts";
import { densityLayout, densityParameters } from "../../../../packages/core/src/mixture/density.ts";
import type { Mixture } from "../../../../packages/core/src/mixture/mixture.ts";
import { type Random, randomStream } from "../../../../packages/core/src/random.ts";
import { inflationsIn } from "../../../../packages/core/src/statistics/frames.ts";
import { law } from "../../../support/laws.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../../support/scenes.ts";

function positions(mixture: Mixture): Position[] {
  const { components, features, covarianceType } = mixture;
  const layout = densityLayout(components, features, covarianceType);
  const context = {
    parameters: densityParameters(mixture),
    layout,
    arithmetic: "f64",
    inflations: inflationsIn(mixture),
  } as const;
  return Array.from({ length: components }, (_, component) => positionIn(context)(component));
}

/** b − p |y|² at a point, and the point where y is given. */
function closeness({ covarianceType, height, pivot, bias, factor }: Position, x: Float64Array): number {
  const y = new Float64Array(x.length);
  matrixForm(covarianceType).multiply(
    factor,
    x.map((value, j) => value - pivot[j]),
    y,
  );
  return height - (31 / 64) * y.reduce((sum, value, j) => sum + (value - bias[j]) ** 2, 0);
}

/** The mixture after a step of this size. */
function moved(mixture: Mixture, step: number, random: Random): Mixture {
  const { means, factors, packedCovariances, features, covarianceType } = mixture;
  const scale = 1 + step * random.normal();
  const turn = (values: Float64Array, power: number) => values.map((value) => value * scale ** power);
  const form = matrixForm(covarianceType);
  const shape = { ...mixture, factors: turn(factors, -1), packedCovariances: turn(packedCovariances, 2) };
  if (form.length(features) > features) {
    for (let i = 1; i < shape.factors.length; i++) shape.factors[i] *= 1 + step * random.normal();
  }
  return { ...shape, means: means.map((mean) => mean + step * random.normal()) };
}

law(
  "a component came no nearer to any point than was certain, and the certificate is of use",
  fc.record({
    type: fc.constantFrom(...COVARIANCE_TYPES),
    features: fc.integer({ min: 1, max: 12 }),
    step: fc.constantFrom(1e-4, 0.01, 0.1, 0.5),
    most: fc.constantFrom(0.5, 3, 6),
    seed: fc.nat(),
  }),
  300,
  ({ type, features, step, most, seed }) => {
    const random = randomStream(seed, "positions");
    const { parameters } = mixtureOf(type, 1, features, random);
    const residual = parameters.means.map(() => 0.01 * random.normal());
    const first = { ...parameters, meansResidual: residual };
    const [before] = positions(first);
    const [now] = positions(moved(first, step, random));
    const floor = now.height - 20 - 60 * random.uniform();
    if (staying(type, features, floor)(before, now)) {
      expect(cameNearerBy(NEARER_SKIN, before, now, { floor: floor - TILE_SKIN })).toBe(true);
      expect(cameNearerBy(FARTHER_SKIN, now, before, { floor: floor - SKIN })).toBe(true);
    }
    if (!cameNearerBy(most, before, now, { floor })) return;
    for (let i = 0; i < 50; i++) {
      const far = Math.sqrt((64 / 31) * (now.height - floor)) * random.uniform();
      const direction = Float64Array.from({ length: features }, () => random.normal());
      const length = Math.hypot(...direction);
      const root = matrixForm(type).root({ covariance: parameters.packedCovariances, factor: now.factor }, features);
      const y = direction.map((value, j) => (value * far) / length + now.bias[j]);
      const x = new Float64Array(features);
      matrixForm(type).multiply(root, y, x);
      for (let j = 0; j < features; j++) x[j] += now.pivot[j];
      if (closeness(now, x) < floor) continue;
      expect(closeness(now, x) - closeness(before, x)).toBeLessThanOrEqual(most);
    }
  },
);

test("small steps are certain, large ones are not", () => {
  const random = randomStream(1, "steps");
  for (const type of COVARIANCE_TYPES) {
    const { parameters } = mixtureOf(type, 1, 6, random);
    const [before] = positions(parameters);
    const [near] = positions(moved(parameters, 1e-3, random));
    const [far] = positions(moved(parameters, 3, random));
    expect(cameNearerBy(3, before, near, { floor: before.height - 80 })).toBe(true);
    expect(cameNearerBy(3, before, far, { floor: before.height - 80 })).toBe(false);
    expect(cameNearerBy(3, before, near, { floor: Number.NEGATIVE_INFINITY })).toBe(false);
    expect(cameNearerBy(3, before, near, { floor: before.height + 1e3 })).toBe(true);
  }
});
