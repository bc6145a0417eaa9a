import { expect, test } from "vitest";
import { frameOf } from "../../../../packages/report/src/mixture/frame.ts";
import { groupsOf } from "../../../../packages/report/src/mixture/groups.ts";

const one = groupsOf({ covarianceType: "full", weights: [1], means: [0], covariances: [1] });
const within = Array.from({ length: 1000 }, (_, i) => -2 + (4 * i) / 999);

test("a frame holds the groups and all values that are near", () => {
  const { low, high } = frameOf(one, 0, [...within, 2.9]);
  expect(low).toBeLessThan(-2.4);
  expect(high).toBeGreaterThan(2.9);
});

test("a far value does not widen it", () => {
  const { high } = frameOf(one, 0, [...within, 1e9]);
  expect(high).toBeLessThan(4);
});

test("it has a width without values and without a deviation", () => {
  const flat = groupsOf({ covarianceType: "full", weights: [1], means: [7], covariances: [0] });
  const { low, high } = frameOf(flat, 0, []);
  expect(low).toBeLessThan(7);
  expect(high).toBeGreaterThan(7);
});

test("a group that is much wider than all values is cut", () => {
  const wide = groupsOf({ covarianceType: "full", weights: [0.98, 0.02], means: [0, 0], covariances: [1, 1e4] });
  const { low, high } = frameOf(wide, 0, within);
  expect(low).toBeGreaterThan(-4);
  expect(high).toBeLessThan(4);
});
