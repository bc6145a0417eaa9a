import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  MEGABYTE_MILLISECONDS,
  megabytesOfStep,
  SHARED_MEGABYTE_MILLISECONDS,
  STEP_MILLISECONDS,
} from "../../bench/support/sizing.ts";
import { ROOT } from "../support/pages.ts";

const page = readFileSync(join(ROOT, "docs/guide/cluster.md"), "utf8");
const numbersOf = (components: number, features: number) =>
  components * (1 + features + (features * (features + 1)) / 2);
/** Most megabytes of a worker. */
const megabytesOf = (components: number, features: number) => (72 * numbersOf(components, features)) / 1e6;

test("a step sends hardly more megabytes than the guide says", () => {
  for (const [components, features] of [
    [8, 2],
    [16, 8],
    [64, 16],
    [64, 64],
  ]) {
    for (const count of [20_000, 1_000_000, 10_000_000]) {
      for (const workers of [1, 2, 3, 5, 8, 20]) {
        const megabytes = megabytesOfStep({ count, features, components }, workers);
        expect(megabytes).toBeLessThanOrEqual(1.05 * megabytesOf(components, features) * workers);
      }
    }
  }
});

test("the guide's table follows from its formula, and that is the one of the bench", () => {
  expect(page).toContain(`E / w  +  ${STEP_MILLISECONDS} ms  +  ${MEGABYTE_MILLISECONDS} ms · M`);
  expect(page).toContain(`a megabyte takes ${SHARED_MEGABYTE_MILLISECONDS} ms`);
  const rows = [...page.matchAll(/^\| (\d+), (\d+) +\| ([\d.]+) +\| ([\d.]+) s +\| (\d+) +\|$/gm)];
  expect(rows.length).toBe(3);
  for (const [, components, features, megabytes, from, best] of rows) {
    const own = megabytesOf(Number(components), Number(features));
    const beside = MEGABYTE_MILLISECONDS * own;
    expect(Number(megabytes)).toBeCloseTo(own, 1);
    expect(Number(from)).toBeCloseTo((2 * (STEP_MILLISECONDS + 2 * beside)) / 1000, 2);
    expect(Number(best) / Math.sqrt(10_000 / beside)).toBeCloseTo(1, 1);
  }
});
