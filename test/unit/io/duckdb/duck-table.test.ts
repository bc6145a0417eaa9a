import { readdirSync } from "node:fs";
import { truncate } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { copyToParquet, failureOf, readPoints, rowsOf, temporaryFolder } from "../../../support/io-files.ts";

const folder = temporaryFolder();
let files = 0;
const save = async (select: string, options = "") =>
  copyToParquet(select, await folder.write(`${files++}.parquet`, ""), options);
const FLIGHTS = new URL("../../../../node_modules/vega-datasets/data/flights-3m.parquet", import.meta.url).pathname;

describe("Parquet", () => {
  test("every numeric type, truth values and lists of numbers, and nothing else, by default", async () => {
    const path =
      await save(`SELECT 1::TINYINT t, 2::SMALLINT s, 3::INTEGER i, -4::BIGINT b, 5::UTINYINT ut, 6::USMALLINT us,
      7::UINTEGER ui, 8::UBIGINT ub, 9.5::FLOAT f, 10.25::DOUBLE d, 11.75::DECIMAL(6, 2) e, 12.5::DECIMAL(30, 4) g,
      true AS yes, 'x' AS text, DATE '2001-01-01' AS day, TIMESTAMP '2001-01-01 00:00:00' AS time, [1, 2] AS list`);
    const { tiles, columns } = await readPoints(path);
    expect(columns).toEqual([
      "t",
      "s",
      "i",
      "b",
      "ut",
      "us",
      "ui",
      "ub",
      "f",
      "d",
      "e",
      "g",
      "yes",
      "list[0]",
      "list[1]",
    ]);
    expect(rowsOf(tiles)).toEqual([[1, 2, 3, -4, 5, 6, 7, 8, 9.5, 10.25, 11.75, 12.5, 1, 1, 2]]);
    expect(tiles.dtype).toBe("f64");
    expect(tiles.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test("columns of floats stay f32, unless told", async () => {
    const path = await save("SELECT 1.5::FLOAT a, 2.5::FLOAT b, 3::INTEGER c");
    expect((await readPoints(path, { columns: ["a", "b"] })).tiles.dtype).toBe("f32");
    expect((await readPoints(path, { columns: ["a", "c"] })).tiles.dtype).toBe("f64");
    expect((await readPoints(path, { columns: ["a"], dtype: "f64" })).tiles.data).toBeInstanceOf(Float64Array);
    expect((await readPoints(path, { columns: ["c"], dtype: "f32" })).tiles.data).toBeInstanceOf(Float32Array);
  });

  test("NULL, NaN and infinity: an error with row and column, or dropped and counted", async () => {
    const path = await save(`SELECT i::DOUBLE a, CASE i WHEN 70000 THEN NULL WHEN 70001 THEN 'nan'::DOUBLE
      WHEN 70002 THEN 'inf'::DOUBLE ELSE i / 2 END b FROM range(100000) r(i)`);
    const error = await failureOf(readPoints(path));
    expect(error.code).toBe("NON_FINITE_POINT");
    expect(error.details).toMatchObject({ row: 70_001, column: "b" });
    const { tiles, rows, dropped } = await readPoints(path, { missing: "drop" });
    expect({ rows, dropped }).toEqual({ rows: 100_000, dropped: 3 });
    const values = rowsOf(tiles);
    expect(values[69_999]).toEqual([69_999, 69_999 / 2]);
    expect(values[70_000]).toEqual([70_003, 70_003 / 2]);
  });

  test("many row groups, in order; a limit", async () => {
    const path = await save("SELECT i::INTEGER a FROM range(500000) r(i)", ", ROW_GROUP_SIZE 10000");
    const { tiles } = await readPoints(path);
    expect(rowsOf(tiles).every(([a], row) => a === row)).toBe(true);
    const first = await readPoints(path, { limit: 12_345 });
    expect(first).toMatchObject({ rows: 12_345, dropped: 0 });
    expect(rowsOf(first.tiles).at(-1)).toEqual([12_344]);
  });

  test("more columns than a small tile takes", async () => {
    const columns = Array.from({ length: 70 }, (_, column) => `(i * 100 + ${column})::DOUBLE AS "c ${column}"`);
    const { tiles } = await readPoints(await save(`SELECT ${columns.join(", ")} FROM range(100) r(i)`));
    expect(tiles.tileSize).toBe(16);
    expect(rowsOf(tiles)[99]).toEqual(columns.map((_, column) => 9900 + column));
  });

  test("a column that holds no numbers, no rows, no numeric column", async () => {
    const path = await save("SELECT 'x' AS text, true AS yes, 1 AS a");
    for (const column of ["text"]) {
      const error = await failureOf(readPoints(path, { columns: [column] }));
      expect(error.code).toBe("INVALID_OPTION");
      expect(error.details).toMatchObject({ column });
    }
    expect((await failureOf(readPoints(await save("SELECT 1 a WHERE false")))).code).toBe("EMPTY_DATA");
    expect((await failureOf(readPoints(await save("SELECT 'x' AS text")))).code).toBe("BAD_FILE");
    const unknown = await failureOf(readPoints(path, { columns: ["A"] }));
    expect(unknown.details).toMatchObject({ known: ["text", "yes", "a"], guess: "a" });
  });

  test("garbage, and a file that is cut", async () => {
    const garbage = await folder.write("garbage.parquet", "PAR1 but nothing else that it should be PAR1");
    expect((await failureOf(readPoints(garbage))).code).toBe("BAD_FILE");
    const cut = await save("SELECT i FROM range(10000) r(i)");
    await truncate(cut, 1000);
    expect((await failureOf(readPoints(cut))).code).toBe("BAD_FILE");
  });

  test("DuckDB's threads are gone afterwards, also after a failure", async () => {
    const threads = () => readdirSync("/proc/self/task").length;
    const path = await save("SELECT i::INTEGER a, CASE WHEN i = 90000 THEN NULL ELSE i END b FROM range(300000) r(i)");
    await readPoints(path, { columns: ["a"] });
    const before = threads();
    await readPoints(path, { columns: ["a"] });
    await failureOf(readPoints(path));
    await failureOf(readPoints(path, { columns: ["nope"] }));
    await failureOf(readPoints(path, { columns: ["x=error('no')"] }));
    expect(threads()).toBeLessThanOrEqual(before);
  });

  test("three million flights, with hour and weekday from the date", async () => {
    const columns = ["delay", "distance", 'hour=hour("date")', 'weekday=isodow("date")'];
    const { tiles, reading: _, ...loaded } = await readPoints(FLIGHTS, { columns });
    expect(loaded).toEqual({ columns, rows: 3_000_000, dropped: 0 });
    const extremes = columns.map(() => [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    for (let index = 0; index < tiles.data.length; index++) {
      const extreme = extremes[Math.floor(index / tiles.tileSize) % 4];
      extreme[0] = Math.min(extreme[0], tiles.data[index]);
      extreme[1] = Math.max(extreme[1], tiles.data[index]);
    }
    expect(extremes).toEqual([
      [-1116, 1688],
      [21, 4962],
      [0, 23],
      [1, 7],
    ]);
  });
});
