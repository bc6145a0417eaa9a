import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  readArray,
  writeDoubles,
  writeFlag,
  writeInteger,
  writeTexts,
} from "../../../../../packages/io/src/models/npz/npy-array.ts";
import { expectFailure } from "../../../../support/failures.ts";
import { law } from "../../../../support/laws.ts";

/** An array of version 1 whose header says what it likes. */
function npy(header: string, data: Uint8Array, version = 1): Uint8Array {
  const start = version === 1 ? Buffer.alloc(10) : Buffer.alloc(12);
  start.write(`\x93NUMPY${String.fromCharCode(version)}\0`, "latin1");
  if (version === 1) start.writeUInt16LE(header.length, 8);
  else start.writeUInt32LE(header.length, 8);
  return Buffer.concat([start, Buffer.from(header, "latin1"), data]);
}

const header = (descr: string, shape: string, fortran = "False") =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }\n`;
const eight = Buffer.alloc(8);

describe("arrays of .npz", () => {
  law("doubles keep every bit", fc.array(fc.double()), 200, (list) => {
    const values = Float64Array.from(list);
    expect(readArray("a", writeDoubles(values))).toEqual({ shape: [list.length], type: "f8", values });
  });

  law("texts keep every character but NUL at their end", fc.array(fc.string({ unit: "binary" })), 200, (texts) => {
    const expected = texts.map((text) => text.toWellFormed().replace(/\0+$/, ""));
    expect(readArray("a", writeTexts(texts)).values).toEqual(expected);
  });

  test("one number, one flag, one text have no axes", () => {
    expect(readArray("a", writeInteger(-3))).toEqual({ shape: [], type: "i8", values: Float64Array.of(-3) });
    expect(readArray("a", writeFlag(true))).toEqual({ shape: [], type: "b1", values: Float64Array.of(1) });
    expect(readArray("a", writeTexts("größe"))).toEqual({ shape: [], type: "U5", values: ["größe"] });
    expect(readArray("a", writeTexts(""))).toMatchObject({ shape: [], values: [""] });
  });

  test.each([1, 3, 17])("headers end where NumPy wants data to begin: %d axes of length 1", (axes) => {
    expect((writeDoubles(Float64Array.of(1), new Array(axes).fill(1)).length - 8) % 64).toBe(0);
  });

  test("column-major arrays become row-major", () => {
    const values = Float64Array.of(1, 4, 2, 5, 3, 6);
    const read = readArray("a", npy(header("<f8", "2, 3", "True"), new Uint8Array(values.buffer)));
    expect([...(read.values as Float64Array)]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("version 2 and 3 of the format are read", () => {
    for (const version of [2, 3]) expect(readArray("a", npy(header("<f8", "1,"), eight, version)).shape).toEqual([1]);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(0), /it is no \.npy array/],
    ["a header beyond the end", npy(header("<f8", "1,"), eight).subarray(0, 30), /it ends within its header/],
    ["objects", npy(header("|O", "1,"), eight), /expected numbers or text with a shape/],
    ["no shape", npy("{'descr': '<f8'}", eight), /expected numbers or text with a shape/],
    ["complex numbers", npy(header("<c8", "1,"), eight), /got elements of type c8/],
    ["text of no characters", npy(header("<U0", "99999999999,"), new Uint8Array(0)), /got elements of type U0/],
    ["too few bytes", npy(header("<f8", "2,"), eight), /its shape and its bytes do not match/],
    ["too many bytes", npy(header("<f8", ""), new Uint8Array(16)), /its shape and its bytes do not match/],
    ["more than memory holds", npy(header("<f8", "99999999999999999999, 9"), eight), /do not match/],
    ["nothing, but wide", npy(header("<f8", "0, 99999999999999"), eight), /do not match/],
    ["lengths that are no numbers", npy(header("<f8", "1 2"), eight), /do not match/],
    ["beyond Unicode", npy(header("<U2", ""), Buffer.alloc(8, 0xff)), /it holds what is no text/],
  ])("%s: a typed error", (_, bytes, message) => {
    const error = expectFailure(() => readArray("means_", bytes), "BAD_MODEL_FILE", message);
    expect(error.message).toContain('array "means_" of the .npz file');
  });
});
