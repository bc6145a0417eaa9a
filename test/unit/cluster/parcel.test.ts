import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pack, unpack } from "../../../packages/cluster/src/parcel.ts";
import { expectFailure } from "../../support/failures.ts";
import { law } from "../../support/laws.ts";

describe("a parcel", () => {
  const arrays = fc.oneof(
    fc.array(fc.double()).map((values) => Float64Array.from(values)),
    fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 })).map((values) => Uint32Array.from(values)),
    fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })).map((values) => Int32Array.from(values)),
    fc.array(fc.float()).map((values) => Float32Array.from(values)),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(arrays, fc.string(), fc.integer(), fc.boolean(), fc.constant(null), tie("list"), tie("fields")),
    list: fc.array(tie("tree"), { maxLength: 4 }),
    fields: fc.dictionary(fc.constantFrom("a", "b", "name", "values"), tie("tree"), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  }));

  law("brings plain data and arrays of numbers to the last bit", tree, 300, (value) => {
    expect(unpack(pack(value))).toEqual(value);
  });

  test("of shared memory, and of a part of an array, is that part", () => {
    const shared = new Float64Array(new SharedArrayBuffer(80)).fill(3);
    expect(unpack(pack({ part: shared.subarray(2, 5) }))).toEqual({ part: Float64Array.of(3, 3, 3) });
  });

  law("that is cut, or in which a byte is wrong, fails by name or is another one", damaged(), 500, (bytes) => {
    try {
      unpack(bytes);
    } catch (error) {
      expect(error).toMatchObject({ code: "CLUSTER_MISMATCH" });
    }
  });

  test("says what is wrong with it", () => {
    expectFailure(() => unpack(Buffer.alloc(2)), "CLUSTER_MISMATCH", /cut off/);
    expectFailure(() => unpack(Buffer.from([9, 0, 0, 0, 123])), "CLUSTER_MISMATCH", /cut off/);
    expectFailure(() => unpack(Buffer.from([1, 0, 0, 0, 123])), "CLUSTER_MISMATCH", /JSON/);
    expectFailure(() => unpack(pack({ $view: "Float64Array", at: 0, length: 2 ** 40 })), "CLUSTER_MISMATCH", /outside/);
    expectFailure(() => unpack(pack(JSON.parse('{"__proto__":{"a":1}}'))), "CLUSTER_MISMATCH", /__proto__/);
  });
});

function damaged() {
  const whole = pack({ name: "sums", sums: Float64Array.of(1, 2, 3), nodes: [{ first: 0, end: 4 }] });
  return fc
    .record({ at: fc.nat(whole.length - 1), byte: fc.nat(255), length: fc.nat(whole.length) })
    .map(({ at, byte, length }) => {
      const bytes = Buffer.from(whole);
      bytes[at] = byte;
      return bytes.subarray(0, length);
    });
}
