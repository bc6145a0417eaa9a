import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { openFile } from "@emix/io";
import { Float64, Int64, Table, tableFromArrays, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { afterAll, describe, expect, test } from "vitest";
import { copyToParquet, npyBytes, readPoints } from "../../support/io-files.ts";

const folder = mkdtempSync(join(tmpdir(), "emix-texts-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function textsOf(name: string, columns: readonly string[], content?: string | Uint8Array) {
  const path = join(folder, name);
  if (content !== undefined) writeFileSync(path, content);
  const file = await openFile(path, { missing: "drop" });
  try {
    const all: (string | null)[][] = columns.map(() => []);
    for await (const batch of file.texts(columns)) {
      for (const [j, column] of batch.columns.entries()) all[j].push(...column);
    }
    return all;
  } finally {
    await file.close();
  }
}

test("a text is as the file has it: no number is rounded, no blank is lost, quotes are undone", async () => {
  const csv = 'id,name,x\n007,"a,b",1.50\n12345678901234567890," c ",2\n1e2,"say ""hi""",\n';
  expect(await textsOf("a.csv", ["x", "id", "name"], csv)).toEqual([
    ["1.50", "2", ""],
    ["007", "12345678901234567890", "1e2"],
    ["a,b", " c ", 'say "hi"'],
  ]);
});

test("values of ndjson are as their lines write them", async () => {
  const lines = [
    '{"id":12345678901234567890,"x":1.50,"on":true,"list":[1.0,2],"deep":{"y":1e2},"name":"é\\n"}',
    '{"id":null,"x":2}',
  ];
  const columns = ["id", "x", "on", "list", "deep.y", "name"];
  expect(await textsOf("a.ndjson", columns, lines.join("\n"))).toEqual([
    ["12345678901234567890", null],
    ["1.50", "2"],
    ["true", null],
    ["[1.0,2]", null],
    ["1e2", null],
    ["é\n", null],
  ]);
});

test("values of Parquet are as DuckDB writes them", async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const path = join(folder, "a.parquet");
  await connection.run(
    `COPY (SELECT i + 9007199254740993::BIGINT AS id, (i / 10)::DECIMAL(9, 2) AS price, NULL AS none, ` +
      `DATE '2026-01-01' + i::INTEGER AS day, i::DOUBLE AS x FROM range(5000) t(i)) TO '${path}'`,
  );
  const [ids, prices, none, days] = await textsOf("a.parquet", ["id", "price", "none", "day"]);
  expect([ids[0], ids[4999]]).toEqual(["9007199254740993", "9007199254745992"]);
  expect([prices[1], none[1], days[31]]).toEqual(["0.10", null, "2026-02-01"]);
});

test("values of Arrow keep their digits", async () => {
  const table = new Table({
    id: vectorFromArray([9007199254740993n, -1n], new Int64()),
    x: vectorFromArray([0.1, 2], new Float64()),
    name: vectorFromArray(["a", "b"], new Utf8()),
  });
  expect(await textsOf("a.arrow", ["id", "x", "name"], tableToIPC(table, "file"))).toEqual([
    ["9007199254740993", "-1"],
    ["0.1", "2"],
    ["a", "b"],
  ]);
});

test("texts of several files come one after another, and no more rows than asked for", async () => {
  writeFileSync(join(folder, "p1.csv"), "id,x\na,1\nb,2\n");
  writeFileSync(join(folder, "p2.csv"), "x,id\n3,c\n4,d\n");
  const file = await openFile(join(folder, "p*.csv"), { limit: 3 });
  const ids: (string | null)[] = [];
  for await (const { columns } of file.texts(["id"])) ids.push(...columns[0]);
  await file.close();
  expect(ids).toEqual(["a", "b", "c"]);
});

test("a column that the file does not have is refused", async () => {
  writeFileSync(join(folder, "b.csv"), "name,x\na,1\nb,2\n");
  const file = await openFile(join(folder, "b.csv"));
  expect(() => file.texts(["nam"])).toThrow(expect.objectContaining({ code: "UNKNOWN_COLUMN" }));
  await file.close();
});

describe("a note about digits", () => {
  const note = async (path: string) => (await readPoints(path)).reading.notes;

  test.each([
    ["BIGINT", "9007199254740991", "9007199254740993", "v: whole numbers beyond 2^53 are rounded"],
    ["UBIGINT", "1", "9007199254740993", "v: whole numbers beyond 2^53 are rounded"],
    ["DECIMAL(18,2)", "90071992547409.91", "90071992547409.93", "v: numbers of more than 15 digits are rounded"],
    ["DECIMAL(15,2)", "1.25", "9999999999999.99", undefined],
  ])("%s: is given where a number has too many, and nowhere else", async (type, within, beyond, expected) => {
    const save = (value: string, name: string) =>
      copyToParquet(`SELECT ${value}::${type} AS v FROM range(3)`, join(folder, name));
    expect(await note(await save(within, "within.parquet"))).toEqual([]);
    expect(await note(await save(beyond, "beyond.parquet"))).toEqual(expected === undefined ? [] : [expected]);
  });

  test("of .npy and Arrow files, too", async () => {
    for (const [value, expected] of [
      [5n, []],
      [2n ** 53n + 1n, ["x0: whole numbers beyond 2^53 are rounded"]],
    ] as const) {
      const data = new Uint8Array(BigInt64Array.of(1n, value).buffer);
      writeFileSync(join(folder, "wide.npy"), npyBytes({ descr: "<i8", shape: "(2,)", data }));
      const table = tableFromArrays({ x0: BigInt64Array.of(1n, value) });
      writeFileSync(join(folder, "wide.arrow"), tableToIPC(table, "file"));
      for (const name of ["wide.npy", "wide.arrow"]) expect(await note(join(folder, name))).toEqual(expected);
    }
  });
});
