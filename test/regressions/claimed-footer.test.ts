import { describe, expect, test } from "vitest";
import { copyToParquet, readPoints, temporaryFolder } from "../support/io-files.ts";

// A Parquet file of 2 kB whose footer claimed a long list took 1.6 GB on the way to its refusal, one of 20 MB could have
// taken ten: the database makes as many elements as a list claims before it reads any.

const folder = temporaryFolder();
const refused = { code: "BAD_FILE", message: expect.stringContaining("the footer of this Parquet file is damaged") };

/** A file of nothing but a footer. */
function parquetBytes(footer: readonly number[], padding = 16): Buffer {
  const size = footer.length + padding;
  const file = Buffer.alloc(4 + size + 8);
  file.write("PAR1", 0);
  file.set(footer, 4);
  file.writeUInt32LE(size, 4 + size);
  file.write("PAR1", 4 + size + 4);
  return file;
}

/** 2²⁷ − 1, seven bits a byte. */
const MANY = [0xff, 0xff, 0xff, 0x3f];
/** The version, 1. */
const VERSION = [0x15, 0x02];

describe("a Parquet file whose footer claims what it has not", () => {
  test.each<[string, readonly number[], number]>([
    ["columns", [...VERSION, 0x19, 0xfc, ...MANY], 16],
    ["columns that are numbers", [...VERSION, 0x19, 0xf5, ...MANY], 16],
    ["columns that are empty", [...VERSION, 0x19, 0xfc, 0xff, 0x3f], 9000],
    ["numbers for columns", [...VERSION, 0x19, 0xf5, 0xff, 0x3f], 9000],
    ["row groups", [...VERSION, 0x39, 0xfc, ...MANY], 16],
    ["columns of a row group", [...VERSION, 0x39, 0x1c, 0x19, 0xfc, ...MANY], 16],
    ["a name", [...VERSION, 0x19, 0x1c, 0x48, ...MANY], 16],
    ["a map", [...VERSION, 0x1b, ...MANY, 0x88], 16],
    ["structures in each other", [...VERSION, ...Array(5000).fill(0xac)], 16],
    ["a number without an end", [0x15, ...Array(12).fill(0xff)], 0],
    ["a field of no type", [0x1e], 0],
  ])("%s: is refused before the database sees it", async (_, footer, padding) => {
    const path = await folder.write("claims.parquet", parquetBytes(footer, padding));
    await expect(readPoints(path)).rejects.toMatchObject(refused);
  });

  test("is read where it has all of it: many columns, row groups, lists and nulls", async () => {
    const columns = Array.from({ length: 300 }, (_, index) => `i * ${index + 1} AS c${index}`);
    const select = `SELECT ${columns.join(", ")}, CASE WHEN i > 5 THEN [i] END AS l FROM range(5000) t(i)`;
    const path = await copyToParquet(select, await folder.write("wide.parquet", ""), ", ROW_GROUP_SIZE 2048");
    expect((await readPoints(path, { columns: ["c0", "c299"] })).rows).toBe(5000);
  });
});
