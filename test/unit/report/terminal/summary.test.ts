import { summaryText } from "@emix/report";
import { expect, test } from "vitest";
import { bar, sparkline } from "../../../../packages/report/src/terminal/sparkline.ts";
import { madeReport } from "../../../support/reports.ts";

test.each([40, 60, 80, 200])("no line is wider than %d letters", (width) => {
  const report = madeReport(
    { groups: 3, features: 9, rows: 60 },
    { title: "t".repeat(300), warnings: ["w".repeat(500)] },
  );
  const lines = summaryText(report, { width }).split("\n");
  expect(lines.filter((line) => [...line].length > width)).toEqual([]);
  expect(lines.join(" ")).toContain("and 3 columns in which the groups differ less");
});

test("a terminal obeys nothing that comes from data", () => {
  const report = madeReport(
    { groups: 2, features: 1, rows: 20 },
    { columns: ["\u001b[2J\u0007"], title: "\u001b]0;x" },
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for them
  expect(summaryText(report)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test("each group has its weight, its mean and its shape", () => {
  const text = summaryText(madeReport({ groups: 2, features: 1, rows: 20 }));
  expect(text).toMatch(/group 0 {2}50 % {2}█+\n/);
  expect(text).toMatch(/group 1 {2}6\.0 ± 1\.0 +[▁-█]{4,}\n/);
});

test("bars and sparklines", () => {
  expect([bar(1, 4), bar(0.5, 4), bar(0.3, 4), bar(0.001, 4), bar(0, 4)]).toEqual(["████", "██", "█▎", "▏", ""]);
  expect(sparkline([0, 1, 4, 8])).toBe(" ▁▄█");
  expect(sparkline([0, 0])).toBe("  ");
});
