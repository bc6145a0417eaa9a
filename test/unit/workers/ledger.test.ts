import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BlockLedger } from "../../../packages/workers/src/ledger.ts";
import { law } from "../../support/laws.ts";

function ledgerOf(blocks: number, claimants = 1): BlockLedger[] {
  const cells = new Int32Array(new SharedArrayBuffer(4 * BlockLedger.cellsFor(blocks)));
  return Array.from({ length: claimants }, () => new BlockLedger(cells, blocks));
}

/** Blocks that can still be claimed, in the order they come. */
function claims(ledger: BlockLedger): number[] {
  const found: number[] = [];
  for (let block = ledger.claim(); block >= 0; block = ledger.claim()) found.push(block);
  return found;
}

describe("the ledger of a pass", () => {
  const turns = fc.record({
    blocks: fc.nat({ max: 40 }),
    order: fc.array(fc.nat({ max: 3 }), { maxLength: 60 }),
  });
  law("every block goes to exactly one claimant, whoever asks when", turns, 100, ({ blocks, order }) => {
    const claimants = ledgerOf(blocks, 4);
    const claimed = order.map((turn) => claimants[turn].claim()).filter((block) => block >= 0);
    expect([...claimed, ...claims(claimants[0])]).toEqual([...Array(blocks).keys()]);
  });

  const marks = fc.array(fc.boolean(), { maxLength: 40 });
  law("after a rewind, exactly the blocks without a mark are claimed again, in order", marks, 100, (done) => {
    const [ledger] = ledgerOf(done.length);
    for (const block of claims(ledger)) if (done[block]) ledger.markDone(block);
    expect(ledger.complete).toBe(done.every(Boolean));
    ledger.rewind();
    expect(claims(ledger)).toEqual([...done.keys()].filter((block) => !done[block]));
  });

  law(
    "after a halt nothing is claimed until a rewind, and what was claimed may still be marked",
    marks,
    100,
    (done) => {
      const [ledger] = ledgerOf(done.length);
      const first = ledger.claim();
      ledger.halt();
      expect(claims(ledger)).toEqual([]);
      if (first >= 0) ledger.markDone(first);
      ledger.rewind();
      expect(claims(ledger)).toEqual([...done.keys()].filter((block) => block !== first));
    },
  );

  test("is complete with the last mark and not before, and empty once cleared", () => {
    const [ledger] = ledgerOf(3);
    for (const block of [2, 0, 1]) {
      expect(ledger.complete).toBe(false);
      ledger.markDone(block);
    }
    expect(ledger.complete).toBe(true);
    ledger.rewind();
    expect(ledger.claim()).toBe(-1);
    ledger.clear();
    expect(ledger.complete).toBe(false);
    expect(claims(ledger)).toEqual([0, 1, 2]);
  });

  test("clears its own cells and no others", () => {
    const cells = new Int32Array(BlockLedger.cellsFor(2) + 1).fill(7);
    new BlockLedger(cells, 2).clear();
    expect([...cells]).toEqual([0, 0, 0, 7]);
  });
});
