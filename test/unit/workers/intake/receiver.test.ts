import { Readable } from "node:stream";
import { coordinates } from "@emix/core";
import { createEngine } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { expectFailure, expectRejection } from "../../../support/failures.ts";

const engine = await createEngine({ threads: 2, memoryLimit: 2 ** 28 });
afterAll(() => engine.close());

const features = 3;
const rows = 700_001;
const random = randomStream(1, "pieces");
const data = Float64Array.from({ length: rows * features }, () => random.normal());
const floats = Float32Array.from(data);
const whole = await engine.load({ data, features });

/** Cuts [0, length) at random places. */
function* cuts(length: number, most: number): Generator<[number, number]> {
  for (let from = 0; from < length; ) {
    const to = Math.min(length, from + 1 + Math.floor(random.uniform() * most));
    yield [from, to];
    from = to;
  }
}

describe("points in pieces are the same points", () => {
  test.each([1_000_000, 65_537])("of at most %i numbers", async (most) => {
    const receiver = engine.receive({ features });
    for (const [from, to] of cuts(data.length, most)) receiver.write(data.subarray(from, to));
    expect((await receiver.end()).tiles).toEqual(whole.tiles);
  });

  test("of bytes, cut within numbers, with the number of rows known", async () => {
    const receiver = engine.receive({ features, rows });
    const bytes = new Uint8Array(data.buffer);
    for (const [from, to] of cuts(bytes.length, 3_000_001)) receiver.write(bytes.subarray(from, to));
    expect((await receiver.end()).tiles).toEqual(whole.tiles);
  });

  test("of 32 bits, with a stream of Node and with one of the web", async () => {
    const loaded = await engine.load({ data: floats, features });
    const chunks = [...cuts(floats.byteLength, 2_000_000)].map(([from, to]) =>
      Buffer.from(floats.buffer, from, to - from),
    );
    const options = { features, dtype: "f32" } as const;
    expect((await engine.load(Readable.from(chunks), options)).tiles).toEqual(loaded.tiles);
    expect((await engine.load(Readable.toWeb(Readable.from(chunks)), options)).tiles).toEqual(loaded.tiles);
  });

  test("of rows, some of which lack a number, with weights", async () => {
    const table = Array.from({ length: 5000 }, (_, i) => [i % 7 === 3 ? null : data[i], data[i + 5000]]);
    const pointWeights = table.map((_, i) => 1 + (i % 3));
    const receiver = engine.receive({ features: 2 });
    for (const [from, to] of cuts(table.length, 900)) receiver.write(table.slice(from, to));
    const received = await receiver.end({ missing: "drop", pointWeights });
    const expected = await engine.load(table, { missing: "drop", pointWeights });
    expect(received.tiles).toEqual(expected.tiles);
    expect(received.dropped).toBe(714);
  });
});

test("pieces stay as they were when they were written", async () => {
  const receiver = engine.receive({ features: 1 });
  const piece = Float64Array.of(1, 2);
  receiver.write(piece);
  piece.fill(9);
  receiver.write(piece);
  const { tiles } = await receiver.end();
  expect([...coordinates(tiles, 0, 1).subarray(0, 4)]).toEqual([1, 2, 9, 9]);
});

describe("what cannot be points", () => {
  test("options", () => {
    expectFailure(() => engine.receive({ features: 0 }), "INVALID_OPTION", /`features`/);
    expectFailure(() => engine.receive({ features: 1, dtype: "f16" as "f32" }), "INVALID_OPTION", /`dtype`/);
    expectFailure(() => engine.receive({ features: 1, count: 3 } as never), "UNKNOWN_OPTION", /`count`/);
    expectFailure(() => engine.receive({ features: 16, rows: 2 ** 40 }), "ALLOCATION_FAILED", /memoryLimit/);
  });

  test("pieces", async () => {
    const receiver = engine.receive({ features: 2 });
    expectFailure(() => receiver.write("1,2" as never), "INVALID_POINTS", /loadFile/);
    expectFailure(() => receiver.write([[1, 2, 3]]), "FEATURES_MISMATCH", /2 feature/);
    receiver.write(Float64Array.of(1, 2, 3));
    await expectRejection(receiver.end(), "INVALID_POINTS", /multiple of features = 2 numbers, got 3/);
    expectFailure(() => receiver.write(Float64Array.of(1)), "INVALID_POINTS", /before `end`/);
    const short = engine.receive({ features: 2, rows: 3 });
    short.write(Float64Array.of(1, 2));
    await expectRejection(short.end(), "INVALID_POINTS", /3 × 2 numbers, got 2/);
    await expectRejection(engine.receive({ features: 2 }).end(), "EMPTY_DATA", /at least one/);
    const narrow = engine.receive({ features: 1, dtype: "f32" });
    expectFailure(() => narrow.write(Float64Array.of(1, 1e39)), "OVERFLOW", /row 1, column 0/);
  });

  test("more than there is room for, while it comes", async () => {
    let asked = 0;
    let closed = false;
    const endless = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false as const, value: data.subarray(0, 2 ** 20 + asked++ * 0) }),
        return: async () => {
          closed = true;
          return { done: true as const, value: undefined };
        },
      }),
    };
    await expectRejection(engine.load(endless, { features: 1 }), "ALLOCATION_FAILED", /memoryLimit/);
    expect(closed).toBe(true);
    expect(asked).toBeLessThan(40);
  });

  test("a stream that never answers, once its signal fires", async () => {
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    const signal = AbortSignal.timeout(20);
    await expectRejection(engine.load(silent, { features: 1, signal }), "ABORTED", /signal/);
  });
});
