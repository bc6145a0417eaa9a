import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { decode, encode } from "../../../../packages/workers/src/checkpoint/encoding.ts";
import { expectFailure } from "../../../support/failures.ts";

const shared = Float64Array.of(1, -0, Number.NaN, 2 ** -1074);
const value = {
  numbers: [0, -0, 0.1, Number.MAX_VALUE, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN],
  nested: { text: "γ", none: null, flag: true, flags: Uint8Array.of(1, 0, 1), empty: new Float64Array(0) },
  shared,
  again: [shared, Int32Array.of(-1), Uint32Array.of(2 ** 32 - 1)],
};

describe("the bytes of a checkpoint", () => {
  test("come back as they were, bit by bit", () => {
    expect(decode(encode(value), "a")).toStrictEqual(value);
    expect(decode(Buffer.from(encode(value)), "a")).toStrictEqual(value);
  });

  test("hold an array once, however often it occurs", () => {
    const long = new Float64Array(1000).fill(Math.PI);
    expect(encode({ a: long, b: long }).length).toBeLessThan(encode({ a: long }).length + 100);
  });

  test("are refused if they end early, at every byte, or have one bit wrong", () => {
    const bytes = encode({ shared, text: "some" });
    for (let end = 0; end < bytes.length; end++) {
      expectFailure(() => decode(bytes.subarray(0, end), "a"), "BAD_CHECKPOINT");
    }
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const wrong = bytes.slice();
      wrong[bit >> 3] ^= 1 << (bit & 7);
      expectFailure(() => decode(wrong, "a"), "BAD_CHECKPOINT");
    }
  });

  test.each([
    ["no JSON", '{"a":'],
    ["an array of no kind", '{"$array":"Date","at":0,"length":1}'],
    ["an array of an inherited kind", '{"$array":"toString","at":0,"length":1}'],
    ["an array beyond the file", '{"$array":"Float64Array","at":0,"length":9007199254740991}'],
    ["an array of half a number", '{"$array":"Float64Array","at":0,"length":0.5}'],
    ["an array before the file", '{"$array":"Uint8Array","at":-8,"length":4}'],
    ["an array nowhere", '{"$array":"Uint8Array"}'],
  ])("are refused where they hold %s, though their checksum is right", (_, header) => {
    expectFailure(() => decode(forged(header), "a"), "BAD_CHECKPOINT");
  });
});

/** A header in bytes of a length and a checksum that fit. */
function forged(header: string): Uint8Array {
  const bytes = encode({}).slice(0, -32);
  const whole = Buffer.concat([bytes.subarray(0, 16), Buffer.from(header), Buffer.alloc(-header.length & 7)]);
  whole.writeUInt32LE(header.length, 12);
  return Buffer.concat([whole, createHash("sha256").update(whole).digest()]);
}
