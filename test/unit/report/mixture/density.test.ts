import { expect, test } from "vitest";
import { marginalDensity, pairDensity } from "../../../../packages/report/src/mixture/density.ts";
import { groupsOf } from "../../../../packages/report/src/mixture/groups.ts";
import { regionLevels } from "../../../../packages/report/src/mixture/regions.ts";
import { featuresBySeparation, separation } from "../../../../packages/report/src/mixture/separation.ts";

const groups = groupsOf({
  covarianceType: "full",
  weights: [0.3, 0.7],
  means: [0, 0, 3, 1],
  covariances: [1, 0.5, 0.5, 2, 0.5, -0.2, -0.2, 1],
});

test("the density of a pair integrates to that of one feature, and that to 1", () => {
  const [pair, single] = [pairDensity(groups, 0, 1), marginalDensity(groups, 0)];
  const sum = (f: (t: number) => number) =>
    Array.from({ length: 401 }, (_, i) => 0.05 * f(-10 + i * 0.05)).reduce((a, b) => a + b);
  for (const x of [-1, 0, 2.5]) expect(sum((y) => pair(x, y))).toBeCloseTo(single(x), 10);
  expect(sum(single)).toBeCloseTo(1, 10);
});

test("regions of one normal distribution are its ellipses", () => {
  const one = groupsOf({ covarianceType: "full", weights: [1], means: [0, 0], covariances: [1, 0, 0, 1] });
  const frame = { low: -5, high: 5 };
  const levels = regionLevels(pairDensity(one, 0, 1), frame, frame, [0.95, 0.5]);
  expect(levels[0]).toBeCloseTo(0.05 / (2 * Math.PI), 3);
  expect(levels[1]).toBeCloseTo(0.5 / (2 * Math.PI), 2);
});

test("separation is variance between over variance within", () => {
  expect(separation(groups, 0)).toBeCloseTo((0.3 * 0.7 * 9) / (0.3 * 1 + 0.7 * 0.5), 12);
  expect(featuresBySeparation(groups)).toEqual([0, 1]);
});
