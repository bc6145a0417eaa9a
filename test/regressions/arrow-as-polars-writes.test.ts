import { Field, Float64, LargeList, makeData, Table, tableToIPC, Vector, vectorFromArray } from "apache-arrow";
import { expect, test } from "vitest";
import { readPoints, rowsOf, temporaryFolder } from "../support/io-files.ts";

// Polars writes the schema of an Arrow file without the length of a message before it, so that messages can only be found by
// the footer: "its metadata is damaged". Its lists have offsets of 64 bits: they were left out.

const folder = temporaryFolder();

function table(): Table {
  const type = new LargeList<Float64>(new Field("item", new Float64(), true));
  const child = vectorFromArray([1, 2, 3, 4, 5, 6], new Float64()).data[0];
  const list = makeData({ type, length: 3, valueOffsets: BigInt64Array.of(0n, 2n, 4n, 6n), child });
  return new Table({ x: vectorFromArray([1.5, 2.5, 3.5], new Float64()), e: new Vector([list]) });
}

const rows = [
  [1.5, 1, 2],
  [2.5, 3, 4],
  [3.5, 5, 6],
];

test.each(["file", "stream"] as const)("lists with offsets of 64 bits in an Arrow %s", async (kind) => {
  const path = await folder.write(`${kind}.arrow`, tableToIPC(table(), kind));
  const { columns, tiles } = await readPoints(path);
  expect(columns).toEqual(["x", "e[0]", "e[1]"]);
  expect(rowsOf(tiles)).toEqual(rows);
});

test("an Arrow file whose first bytes are no message", async () => {
  const written = Buffer.from(tableToIPC(table(), "file"));
  const other = Buffer.from([4, 0, 0, 0, 0xf2, 0xff, 0xff, 0xff]);
  const bytes = Buffer.concat([written.subarray(0, 8), other, written.subarray(8)]);
  const block = Buffer.from([1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0]); // a vector of one, of the block that begins at byte 8
  bytes.writeBigInt64LE(16n, bytes.lastIndexOf(block) + 4);
  expect(rowsOf((await readPoints(await folder.write("polars.arrow", bytes))).tiles)).toEqual(rows);
});
