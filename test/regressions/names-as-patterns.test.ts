import { expect, test } from "vitest";
import { failureOf, readPoints, rowsOf, temporaryFolder } from "../support/io-files.ts";

// Names of columns, patterns for them and the character of comments became regular expressions: long ones were no valid
// ones, and ended in the host's error.

const folder = temporaryFolder();

test("a name of 100,000 brackets beside an expression", async () => {
  const path = await folder.write("long.csv", `${"{[".repeat(50_000)},a\nx,1\ny,2\n`);
  const { tiles, reading } = await readPoints(path, { columns: ["z=a*2"] });
  expect(rowsOf(tiles)).toEqual([[2], [4]]);
  expect(reading.leftOut).toHaveLength(1);
});

test("names that an expression holds, and those that it holds a part of", async () => {
  const path = await folder.write("parts.csv", "a,ab,B,c.d\nx,1,2,y\nz,3,4,w\n");
  const { reading } = await readPoints(path, { columns: ['z=ab*2+length("c.d")'] });
  expect(reading.leftOut.map(({ name }) => name)).toEqual(["a", "B"]);
});

test.each([
  ["*", ["aab", "ab", "b*"]],
  ["a*b", ["aab", "ab"]],
  ["?b", ["ab"]],
  ["*b", ["aab", "ab"]],
  ["b*", ["b*"]],
  ["a?*", ["aab", "ab"]],
  ["**a**", ["aab", "ab"]],
])("the pattern %s", async (pattern, names) => {
  const path = await folder.write("names.csv", "aab,ab,b*\n1,2,3\n4,5,6\n");
  expect((await readPoints(path, { columns: [pattern] })).columns).toEqual(names);
});

test("patterns of any length, with many stars", async () => {
  const path = await folder.write("stars.csv", `${"a".repeat(5000)},b\n1,2\n3,4\n`);
  for (const pattern of [`${"*a".repeat(2000)}*c`, "*".repeat(1_000_000), `${"?".repeat(300_000)}x`]) {
    const read = readPoints(path, { columns: [pattern, "b"] });
    if (/^\*+$/.test(pattern)) expect((await failureOf(read)).code).toBe("INVALID_OPTION");
    else expect((await failureOf(read)).code).toBe("UNKNOWN_COLUMN");
  }
});

test.each(["\\", "]", "^", "-", "["])("comments that begin with %s", async (comment) => {
  const path = await folder.write("comments.csv", `${comment}${comment} x y\n1 2\n3 4\n`);
  expect((await readPoints(path, { comment })).columns).toEqual(["x", "y"]);
});
