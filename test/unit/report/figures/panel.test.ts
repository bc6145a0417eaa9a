import { expect, test } from "vitest";
import { tickText } from "../../../../packages/report/src/figures/panel.ts";

test.each([
  [0, 8, 2, "2"],
  [0, 1, 0.25, "0.25"],
  [-3, 3, -0, "0"],
  [-3, 3, -1.5, "−1.5"],
  [0, 60_000, 25_000, "25,000"],
  [1_700_000_000, 1_700_000_010, 1_700_000_004, "1,700,000,004"],
  [0, 4e12, 1e12, "1e12"],
  [0, 4e-9, 2e-9, "2e−9"],
])("on an axis from %d to %d, %d is %s", (low, high, value, text) => {
  expect(tickText(value, { low, high })).toBe(text);
});

test("neighbours differ on any axis", () => {
  for (let exponent = -9; exponent <= 12; exponent++) {
    const frame = { low: 3 * 10 ** exponent, high: 4 * 10 ** exponent };
    const step = 0.2 * 10 ** exponent;
    expect(tickText(frame.low + step, frame)).not.toBe(tickText(frame.low + 2 * step, frame));
  }
});
