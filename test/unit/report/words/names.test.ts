import { expect, test } from "vitest";
import { columnNames, listNames, plainText, shorten } from "../../../../packages/report/src/words/names.ts";

test("names keep no character that a terminal or a page would obey", () => {
  expect(plainText("a\u001b[31mb")).toBe("a\ufffd[31mb");
  expect(plainText("right\u202eleft")).toBe("right\ufffdleft");
  expect(plainText("two\r\n  lines\t")).toBe("two   lines");
});

test("a nameless column gets its number", () => {
  expect(columnNames(["", "b", " \n"])).toEqual(["column 1", "b", "column 3"]);
});

test("an endless name of a column ends", () => {
  expect(columnNames(["x".repeat(100)])).toEqual([`${"x".repeat(63)}…`]);
});

test("long names end in an ellipsis, between letters", () => {
  expect(shorten("abcdef", 6)).toBe("abcdef");
  expect(shorten("abcdefg", 6)).toBe("abcde…");
  expect(shorten("🌊🌊🌊", 2)).toBe("🌊…");
});

test("lists read as a sentence", () => {
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listNames)).toEqual(["", "a", "a and b", "a, b and c"]);
});
