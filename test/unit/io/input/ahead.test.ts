import { expect, test } from "vitest";
import { ahead } from "../../../../packages/io/src/input/ahead.ts";

/** 1, 2, 3, then null or a failure; counts what is under way. */
function source(failure?: Error) {
  let next = 0;
  const state = { asked: 0, open: 0 };
  const take = async () => {
    state.asked++;
    state.open++;
    await new Promise((resolve) => setImmediate(resolve));
    state.open--;
    if (next === 3 && failure) throw failure;
    return next === 3 ? null : ++next;
  };
  return { state, take };
}

test("each is asked for while the one before it is worked on", async () => {
  const { state, take } = source();
  const seen: [number, number][] = [];
  for await (const item of ahead(take)) seen.push([item, state.asked]);
  expect(seen).toEqual([
    [1, 2],
    [2, 3],
    [3, 4],
  ]);
});

test("a failure comes in its turn, after what came before it", async () => {
  const { take } = source(new Error("broken"));
  const seen: number[] = [];
  const reading = (async () => {
    for await (const item of ahead(take)) {
      seen.push(item);
      // Long enough for the failure to be there before it is awaited.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  await expect(reading).rejects.toThrow("broken");
  expect(seen).toEqual([1, 2, 3]);
});

test("who leaves early leaves nothing under way", async () => {
  const { state, take } = source();
  for await (const _ of ahead(take)) break;
  expect(state.open).toBe(0);
});
