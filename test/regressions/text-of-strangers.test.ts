import { describe, expect, test } from "vitest";
import { failureOf, readPoints, rowsOf, temporaryFolder } from "../support/io-files.ts";

// Texts that were read otherwise than they were meant, or refused with a reason that was not theirs.

const folder = temporaryFolder();
const save = (text: string) => folder.write("points.csv", text);

describe("line ends", () => {
  test.each([
    ["CR LF, then CR", "a,b\r\n1,2\r\n3,4\r\n5,6\r7,8\n"],
    ["LF, then CR", "a,b\n1,2\n3,4\r5,6\r7,8"],
    ["CR LF, then CR behind the first window", `a,b\r\n${"1,2\r\n".repeat(70_000)}3,4\r5,6\n7,8\r\n`],
  ])("%s: the file was said to change while it was read", async (_, text) => {
    const { tiles } = await readPoints(await save(text));
    expect(rowsOf(tiles).at(-1)).toEqual([7, 8]);
    expect(tiles.count).toBe(text.match(/\d,\d/g)?.length);
  });
});

describe("a quote that is not closed in the first row", () => {
  test.each([
    ["none behind it", 'a,b,c\n1,2,"xy\n3,4,z\n'],
    ["a quote escaped by a backslash", 'a,b,c\n1,2,"x\\"y"\n3,4,"z"\n'],
  ])("%s: it was said to be a table without values", async (_, text) => {
    const error = await failureOf(readPoints(await save(text)));
    expect(error).toMatchObject({ code: "BAD_FILE", details: { line: 2 } });
    expect(error.message).toContain("line 2 has a stray quote, or one that is never closed");
  });
});

describe("losses as accountants write them", () => {
  test("(1.5) was read as 1.5; it is text, and said to be left out", async () => {
    const { tiles, columns, reading } = await readPoints(await save("a,b\n(1.5),1\n(2.5),2\n(3.5),3\n"));
    expect(columns).toEqual(["b"]);
    expect(rowsOf(tiles)).toEqual([[1], [2], [3]]);
    expect(reading.leftOut).toMatchObject([{ name: "a" }]);
  });

  test("lists of one number, and tuples, are read as before", async () => {
    const { tiles, columns } = await readPoints(await save('v,p\n[1.5],"(1, 2)"\n[2.5],"(3, 4)"\n'));
    expect(columns).toEqual(["v[0]", "p[0]", "p[1]"]);
    expect(rowsOf(tiles)).toEqual([
      [1.5, 1, 2],
      [2.5, 3, 4],
    ]);
  });
});

describe("much above the table", () => {
  const remarks = "# a remark of the instrument, which has many of them\n".repeat(4000);

  test.each<[string, string, object]>([
    ["comments, then names", `${remarks}x,y\n1,2\n3,4\n5,6\n`, {}],
    ["comments, the last of which has the names", `${remarks}# x;y\n1.5;2\n3;4\n5;6\n`, {}],
    ["comments by another sign", `${remarks.replaceAll("#", "!")}x,y\n1,2\n3,4\n5,6\n`, { comment: "!" }],
    ["lines to pass over", `${remarks.replaceAll("#", "-")}x,y\n1,2\n3,4\n5,6\n`, { skip: 4000 }],
  ])("%s: the file was said to be empty", async (_, text, options) => {
    const { tiles, columns } = await readPoints(await save(text), options);
    expect(columns).toEqual(["x", "y"]);
    expect(rowsOf(tiles)).toHaveLength(3);
  });

  test("a line without end is none of an empty file", async () => {
    const error = await failureOf(readPoints(await save("1".repeat(9_000_000))));
    expect(error.code).toBe("BAD_FILE");
    expect(error.message).toContain("no row of values ends within its first 8388608 bytes");
  });
});
