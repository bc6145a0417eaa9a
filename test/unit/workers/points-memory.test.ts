import { expect, test } from "vitest";
import { PointsMemory } from "../../../packages/workers/src/points-memory.ts";
import { expectFailure } from "../../support/failures.ts";

const MEGABYTE = 2 ** 20;

test("memory that is given back is lent again", () => {
  const memory = new PointsMemory(10 * MEGABYTE);
  const first = memory.allocate(4 * MEGABYTE);
  memory.giveBack(first);
  expect(memory.free).toBe(10 * MEGABYTE);
  const again = memory.allocate(4 * MEGABYTE);
  expect(again).toBe(first);
  expect(memory.allocate(4 * MEGABYTE)).not.toBe(first);
  expect(memory.free).toBe(2 * MEGABYTE);
});

test("memory that was given back makes room for another size", () => {
  const memory = new PointsMemory(10 * MEGABYTE);
  let lent: SharedArrayBuffer | undefined = memory.allocate(8 * MEGABYTE);
  expectFailure(() => memory.allocate(4 * MEGABYTE), "ALLOCATION_FAILED");
  memory.giveBack(lent);
  lent = undefined;
  expect(memory.free).toBe(10 * MEGABYTE);
});

test("dropped points are looked for before there is memory for as many again", () => {
  let asked = 0;
  const memory = new PointsMemory(Number.POSITIVE_INFINITY, () => asked++);
  memory.allocate(40 * MEGABYTE);
  memory.allocate(23 * MEGABYTE);
  expect(asked).toBe(0);
  const kept = [memory.allocate(40 * MEGABYTE)];
  expect(asked).toBe(0);
  kept.push(memory.allocate(30 * MEGABYTE));
  expect(asked).toBe(1);
  kept.push(memory.allocate(33 * MEGABYTE));
  expect(asked).toBe(1);
});

test("a little more memory for large points is no reason to look for dropped ones again", () => {
  let asked = 0;
  const memory = new PointsMemory(Number.POSITIVE_INFINITY, () => asked++);
  const kept: SharedArrayBuffer[] = [];
  for (let load = 0; load < 3; load++) {
    kept.push(memory.allocate(128 * MEGABYTE), memory.allocate(4 * MEGABYTE));
    expect(asked).toBe(load);
  }
});
