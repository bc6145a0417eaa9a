import { appendFile, truncate } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  failureOf,
  type NpyContent,
  npyBytes,
  readPoints,
  rowsOf,
  temporaryFolder,
  weightsOf,
} from "../../../support/io-files.ts";

const folder = temporaryFolder();
let files = 0;
const save = (content: NpyContent) => folder.write(`${files++}.npy`, npyBytes(content));
const saveDoubles = (values: number[], shape: string) =>
  save({ descr: "<f8", shape, data: new Uint8Array(new Float64Array(values).buffer) });

type Setter = (view: DataView, at: number, value: number, little: boolean) => void;
const ELEMENTS: readonly [kind: string, bytes: number, set: Setter][] = [
  ["f8", 8, (view, at, value, little) => view.setFloat64(at, value, little)],
  ["f4", 4, (view, at, value, little) => view.setFloat32(at, value, little)],
  ["i8", 8, (view, at, value, little) => view.setBigInt64(at, BigInt(value), little)],
  ["u8", 8, (view, at, value, little) => view.setBigUint64(at, BigInt(value), little)],
  ["i4", 4, (view, at, value, little) => view.setInt32(at, value, little)],
  ["u4", 4, (view, at, value, little) => view.setUint32(at, value, little)],
  ["i2", 2, (view, at, value, little) => view.setInt16(at, value, little)],
  ["u2", 2, (view, at, value, little) => view.setUint16(at, value, little)],
  ["i1", 1, (view, at, value) => view.setInt8(at, value)],
  ["u1", 1, (view, at, value) => view.setUint8(at, value)],
];

function encode(values: readonly number[], bytes: number, set: Setter, little: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * bytes));
  for (const [index, value] of values.entries()) set(view, index * bytes, value, little);
  return new Uint8Array(view.buffer);
}

/** n × d numbers, and how a file may hold them. */
const arrays = fc.record({
  rows: fc.integer({ min: 1, max: 150 }),
  columns: fc.integer({ min: 1, max: 20 }),
  columnMajor: fc.boolean(),
  little: fc.boolean(),
  version: fc.constantFrom(1 as const, 2 as const, 3 as const),
  seed: fc.infiniteStream(fc.double({ noNaN: true, noDefaultInfinity: true })),
});

describe(".npy", () => {
  test("any doubles, in any layout, come back bit for bit", async () => {
    const roundTrip = fc.asyncProperty(arrays, async ({ rows, columns, columnMajor, little, version, seed }) => {
      const points = Array.from({ length: rows }, () => Array.from({ length: columns }, () => seed.next().value));
      const stored = columnMajor ? points[0].flatMap((_, column) => points.map((row) => row[column])) : points.flat();
      const data = encode(stored, 8, ELEMENTS[0][2], little);
      const descr = little ? "<f8" : ">f8";
      const path = await save({ descr, shape: `(${rows}, ${columns})`, data, columnMajor, version });
      const { tiles } = await readPoints(path);
      // A feature of squares beyond the doubles is stored divided by a power of two, where its least values end at 0.
      const lost = 2 ** (-1022 + Math.max(0, ...(tiles.exponents ?? [])));
      const kept = (rows: number[][]) => rows.map((row) => row.map((x) => (Math.abs(x) < lost ? 0 : x)));
      expect(tiles.exponents === null ? rowsOf(tiles) : kept(rowsOf(tiles))).toEqual(
        tiles.exponents === null ? points : kept(points),
      );
    });
    await fc.assert(roundTrip, { numRuns: 60 });
  });

  test.each(ELEMENTS)("elements of type %s, either byte order", async (kind, bytes, set) => {
    for (const little of [true, false]) {
      const data = encode([1, 2, 100, 4, 5, 6], bytes, set, little);
      const descr = `${bytes === 1 ? "|" : little ? "<" : ">"}${kind}`;
      const { tiles, columns } = await readPoints(await save({ descr, shape: "(3, 2)", data }));
      expect(rowsOf(tiles)).toEqual([
        [1, 2],
        [100, 4],
        [5, 6],
      ]);
      expect(columns).toEqual(["x0", "x1"]);
      expect(tiles.dtype).toBe(kind === "f4" ? "f32" : "f64");
      expect(tiles.data.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });

  test("negative integers", async () => {
    const [, bytes, set] = ELEMENTS[2];
    const path = await save({ descr: "<i8", shape: "(2,)", data: encode([-5, -(2 ** 40)], bytes, set, true) });
    expect(rowsOf((await readPoints(path)).tiles)).toEqual([[-5], [-(2 ** 40)]]);
  });

  test("an array of n is n × 1", async () => {
    const { tiles } = await readPoints(await saveDoubles([1, 2, 3], "(3,)"));
    expect(rowsOf(tiles)).toEqual([[1], [2], [3]]);
  });

  test("columns by name and in the order asked for, weights, a limit", async () => {
    for (const columnMajor of [false, true]) {
      const data = new Uint8Array(new Float64Array(columnMajor ? [1, 4, 2, 5, 3, 6] : [1, 2, 3, 4, 5, 6]).buffer);
      const path = await save({ descr: "<f8", shape: "(2, 3)", data, columnMajor });
      const all = await readPoints(path, { columns: ["x2", "x0"], weightColumn: "x1" });
      expect(rowsOf(all.tiles)).toEqual([
        [3, 1],
        [6, 4],
      ]);
      expect(weightsOf(all.tiles)).toEqual([2, 5]);
      const first = await readPoints(path, { weightColumn: "x0", limit: 1 });
      expect(rowsOf(first.tiles)).toEqual([[2, 3]]);
    }
  });

  test("files of many chunks, both orders", async () => {
    const rows = 700_000;
    const data = new Float64Array(2 * rows).map((_, index) => index);
    const bytes = new Uint8Array(data.buffer);
    const rowMajor = await readPoints(await save({ descr: "<f8", shape: `(${rows}, 2)`, data: bytes }));
    const columnMajor = await readPoints(
      await save({ descr: "<f8", shape: `(${rows}, 2)`, data: bytes, columnMajor: true }),
    );
    for (const row of [0, 262_143, 262_144, 524_288, 699_999]) {
      const tile = Math.floor(row / 64) * 128 + (row % 64);
      expect([rowMajor.tiles.data[tile], rowMajor.tiles.data[tile + 64]]).toEqual([2 * row, 2 * row + 1]);
      expect([columnMajor.tiles.data[tile], columnMajor.tiles.data[tile + 64]]).toEqual([row, rows + row]);
    }
  });

  test("rows with NaN or infinities: an error, or dropped and counted", async () => {
    const path = await saveDoubles([1, 2, 3, Number.NaN, 5, 6, Number.POSITIVE_INFINITY, 8], "(4, 2)");
    const error = await failureOf(readPoints(path));
    expect(error.code).toBe("NON_FINITE_POINT");
    expect(error.details).toMatchObject({ row: 2, column: "x1" });
    const loaded = await readPoints(path, { missing: "drop" });
    expect(rowsOf(loaded.tiles)).toEqual([
      [1, 2],
      [5, 6],
    ]);
    expect(loaded).toMatchObject({ rows: 4, dropped: 2 });
    const chosen = await readPoints(path, { columns: ["x1"], missing: "drop" });
    expect(chosen.dropped).toBe(1);
  });

  test("a number too large for f32", async () => {
    const error = await failureOf(readPoints(await saveDoubles([1, 1e300], "(2,)"), { dtype: "f32" }));
    expect(error.code).toBe("OVERFLOW");
    expect(error.details).toMatchObject({ row: 2, column: "x0" });
  });

  test("no rows", async () => {
    for (const shape of ["(0, 3)", "(0,)"])
      expect((await failureOf(readPoints(await saveDoubles([], shape)))).code).toBe("EMPTY_DATA");
    expect((await failureOf(readPoints(await saveDoubles([], "(3, 0)")))).code).toBe("BAD_FILE");
  });

  test.each([
    ["complex elements", { descr: "<c16", shape: "(1,)", data: new Uint8Array(16) }],
    ["pickled objects", { descr: "|O", shape: "(1,)", data: new Uint8Array(8) }],
    ["three dimensions", { descr: "<f8", shape: "(1, 1, 1)", data: new Uint8Array(8) }],
    ["no dimension", { descr: "<f8", shape: "()", data: new Uint8Array(8) }],
    ["a huge promise", { descr: "<f8", shape: "(99999999999999, 999999)", data: new Uint8Array(8) }],
    ["a negative length", { descr: "<f8", shape: "(-1, 2)", data: new Uint8Array(16) }],
    ["code in place of a shape", { descr: "<f8", shape: "(exit(),)", data: new Uint8Array(8) }],
  ])("%s: BAD_FILE", async (_, content) => {
    expect((await failureOf(readPoints(await save(content)))).code).toBe("BAD_FILE");
  });

  test("a file that is cut, too long, or no .npy at all", async () => {
    const cut = await saveDoubles([1, 2, 3, 4], "(2, 2)");
    await truncate(cut, 150);
    const error = await failureOf(readPoints(cut));
    expect(error.code).toBe("BAD_FILE");
    expect(error.details).toMatchObject({ expected: 160, size: 150 });
    const long = await saveDoubles([1, 2], "(2,)");
    await appendFile(long, "x");
    expect((await failureOf(readPoints(long))).code).toBe("BAD_FILE");
    for (const bytes of ["x", "not an .npy file", "\x93NUMPY\x09\x00\x00\x00", "\x93NUMPY\x01\x00\xff\xff{'descr"]) {
      const path = await folder.write("garbage.npy", Buffer.from(bytes, "latin1"));
      expect((await failureOf(readPoints(path))).code).toBe("BAD_FILE");
    }
  });

  test("garbage after the magic never crashes or hangs", async () => {
    const garbage = fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (tail) => {
      const path = await folder.write("fuzz.npy", Buffer.concat([Buffer.from("\x93NUMPY\x01\x00", "latin1"), tail]));
      expect((await failureOf(readPoints(path))).code).toBe("BAD_FILE");
    });
    await fc.assert(garbage, { numRuns: 100 });
  });

  test("columns that are not there, and SQL", async () => {
    const path = await saveDoubles([1, 2], "(1, 2)");
    expect((await failureOf(readPoints(path, { columns: ["x7"] }))).code).toBe("UNKNOWN_COLUMN");
    expect(rowsOf((await readPoints(path, { columns: ["y=x0*x1"] })).tiles)).toEqual([[2]]);
    expect((await failureOf(readPoints(path, { columns: ["y=x0*2"], sql: false }))).code).toBe("INVALID_OPTION");
  });
});
