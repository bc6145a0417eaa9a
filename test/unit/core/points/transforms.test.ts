import { logSlope, transformed, untransformed } from "@emix/core";
import fc from "fast-check";
import { expect, test } from "vitest";

const transform = fc.record({
  log: fc.boolean(),
  centre: fc.double({ min: -10, max: 10, noNaN: true }),
  scale: fc.double({ min: 0.1, max: 10, noNaN: true }),
});

test("a value comes back from its transform", () => {
  fc.assert(
    fc.property(transform, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (how, value) => {
      expect(untransformed(transformed(value, how), how) / value).toBeCloseTo(1, 10);
    }),
  );
});

test("the slope is the derivative of the transform", () => {
  fc.assert(
    fc.property(transform, fc.double({ min: 0.1, max: 100, noNaN: true }), (how, value) => {
      const step = value * 1e-6;
      const slope = (transformed(value + step, how) - transformed(value - step, how)) / (2 * step);
      expect(logSlope([transformed(value, how)], [how])).toBeCloseTo(Math.log(slope), 6);
    }),
  );
});

test.each([0, -0, -3, Number.NaN])("%d has no logarithm", (value) => {
  expect(transformed(value, { log: true, centre: 0, scale: 1 })).toBeNaN();
});
