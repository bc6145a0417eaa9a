import fc from "fast-check";
import { test } from "vitest";

/** Laws are tried on the same examples every time, unless LAWS_SEED asks for others; LAWS_RUNS asks for more. */
const seed = Number(process.env.LAWS_SEED ?? 20_260_401);
const factor = Number(process.env.LAWS_RUNS ?? 1);

/** A law as a test: a property that holds for `runs` generated values. The property throws when it does not. */
export function law<T>(
  name: string,
  values: fc.Arbitrary<T>,
  runs: number,
  property: (value: T) => void | Promise<void>,
): void {
  const numRuns = Math.ceil(runs * factor);
  const checked = fc.asyncProperty(values, async (value) => {
    await property(value);
  });
  test(name, { timeout: 60_000 * Math.max(1, factor) }, () => fc.assert(checked, { seed, numRuns }));
}
