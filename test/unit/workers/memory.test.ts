import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SharedMemory } from "../../../packages/workers/src/memory.ts";
import { law } from "../../support/laws.ts";

const KEPT_BYTES = 160 * 2 ** 20;

describe("shared memory that is used again", () => {
  const steps = fc.array(fc.record({ bytes: fc.nat({ max: 300_000 }), back: fc.boolean() }), { maxLength: 40 });
  law("is as large as asked for, and never lent to two at once", steps, 100, (order) => {
    const memory = new SharedMemory();
    const lent = new Set<SharedArrayBuffer>();
    for (const { bytes, back } of order) {
      const buffer = memory.take(bytes);
      expect(buffer.byteLength).toBeGreaterThanOrEqual(bytes);
      expect(buffer.byteLength).toBeLessThanOrEqual(4 * bytes + 65536);
      expect(lent.has(buffer)).toBe(false);
      lent.add(buffer);
      if (!back) continue;
      const [first] = lent;
      lent.delete(first);
      memory.giveBack(first);
    }
  });

  test("the smallest that fits is taken, whatever was given back first", () => {
    const memory = new SharedMemory();
    const [large, small] = [memory.take(3000), memory.take(2000)];
    memory.giveBack(large);
    memory.giveBack(small);
    expect(memory.take(1500)).toBe(small);
    expect(memory.take(1500)).toBe(large);
  });

  test("a buffer much larger than needed is left for those who need it", () => {
    const memory = new SharedMemory();
    const large = memory.take(4 * 1000 + 65536 + 1);
    memory.giveBack(large);
    expect(memory.take(1000)).not.toBe(large);
    expect(memory.take(1001)).toBe(large);
  });

  test("beyond 160 MiB what was given back first is let go", () => {
    const memory = new SharedMemory();
    const [first, second, third] = [1, 2, 3].map(() => memory.take(KEPT_BYTES / 2));
    for (const buffer of [first, second, third]) memory.giveBack(buffer);
    const again = [1, 2, 3].map(() => memory.take(KEPT_BYTES / 2));
    expect(again.slice(0, 2)).toEqual([second, third]);
    expect(again[2]).not.toBe(first);
  });

  test("is let go when it is forgotten", () => {
    const memory = new SharedMemory();
    const buffer = memory.take(3000);
    memory.giveBack(buffer);
    memory.forget();
    expect(memory.take(3000)).not.toBe(buffer);
  });

  test("is given back by lend, also after a failure", async () => {
    const memory = new SharedMemory();
    const seen: SharedArrayBuffer[] = [];
    const failure = memory.lend(100, async (buffer) => {
      seen.push(buffer);
      throw new Error("no use");
    });
    await expect(failure).rejects.toThrow("no use");
    expect(await memory.lend(100, async (buffer) => buffer)).toBe(seen[0]);
    expect(memory.take(100)).toBe(seen[0]);
  });
});
