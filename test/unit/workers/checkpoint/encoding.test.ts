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
});
