import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { collectGarbage, SeenPoints } from "../../../../packages/workers/src/v8/garbage.ts";

const MANY = 2 ** 26;

/** Does work for these points collect garbage? */
async function collects(seen: SeenPoints, id: number, bytes: number): Promise<boolean> {
  const garbage = new WeakRef({});
  await turn(); // a target lives on until the turn in which it was made ends
  seen.note(id, bytes);
  return garbage.deref() === undefined;
}

test("garbage is collected once enough other points were seen, however jobs take turns", async () => {
  const seen = new SeenPoints();
  expect(await collects(seen, 0, MANY / 2)).toBe(false);
  expect(await collects(seen, 1, MANY)).toBe(true);
  for (let round = 0; round < 3; round++) {
    expect(await collects(seen, 0, MANY)).toBe(false);
    expect(await collects(seen, 1, MANY)).toBe(false);
  }
  expect(await collects(seen, 2, MANY)).toBe(true);
});

test("what was seen before garbage was collected elsewhere counts no more", async () => {
  const seen = new SeenPoints();
  expect(await collects(seen, 0, MANY)).toBe(false);
  collectGarbage();
  expect(await collects(seen, 1, MANY)).toBe(false);
  expect(await collects(seen, 2, 1)).toBe(true);
});
