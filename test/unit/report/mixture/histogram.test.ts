import { expect, test } from "vitest";
import { histogram } from "../../../../packages/report/src/mixture/histogram.ts";

const frame = { low: -0.4, high: 8.4 };

test("each bar of rounded values holds as many steps as the others", () => {
  const weekdays = Array.from({ length: 700 }, (_, i) => 1 + (i % 7));
  const rows = histogram(weekdays, frame, 0.3).map((bar) => bar.rows);
  expect(rows.filter((many) => many > 0)).toEqual(new Array(7).fill(100));
});

test("bars hold all values of the frame, and their areas are its share", () => {
  const values = Array.from({ length: 1000 }, (_, i) => Math.sqrt(i * 0.1234567));
  const bars = histogram(values, frame, 0.2);
  const inside = values.filter((value) => value <= 8.4).length;
  expect(bars.reduce((sum, { rows }) => sum + rows, 0)).toBe(inside);
  expect(bars.reduce((sum, { low, high, density }) => sum + (high - low) * density, 0)).toBeCloseTo(inside / 1000, 12);
  expect(bars.length).toBeLessThanOrEqual(44);
});

test("no value makes empty bars", () => {
  expect(histogram([], frame, 1).every(({ rows, density }) => rows === 0 && density === 0)).toBe(true);
});
