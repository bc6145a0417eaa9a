import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandIn, ROOT } from "../../../../support/command.ts";
import { jsonOf, modelFor } from "../../../../support/model-files.ts";

const { emix, file, folder, read, remove } = commandIn("report");
afterAll(remove);

const faithful = join(ROOT, "data/faithful.csv");
beforeAll(() => {
  expect(emix("fit", faithful, "-k", "2", "--restarts", "3", "-q", "-o", "model.json").status).toBe(0);
});

/** The words of a page. */
function wordsOf(name: string): string {
  return read(name)
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&nbsp;|\s+/g, " ");
}

describe("of a model and its rows", () => {
  beforeAll(() => {
    const { status, stdout, stderr } = emix(
      "report",
      "model.json",
      faithful,
      "-o",
      "out/page.html",
      "--png",
      "plot.png",
    );
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("emix: the report is in out/page.html; open it in a browser\n");
    expect(stderr).toContain("emix: the picture is in plot.png\n");
  });

  test("the page says what was found, and shows the rows", () => {
    const words = wordsOf("out/page.html");
    expect(words).toContain("The 272 rows fall into 2 groups, with 64 % and 36 % of the rows.");
    expect(words).toContain("Unusual rows");
    expect(words).toContain("the best of 3 starts was kept");
    expect(words).toContain("BIC");
    expect(words).toContain("read ");
    expect(statSync(join(folder, "out/page.html")).size).toBeLessThan(2e6);
  });

  test("the picture is a PNG", () => {
    expect(readFileSync(join(folder, "plot.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  test("the same model and rows give the same page", () => {
    expect(emix("report", "model.json", faithful, "-o", "again.html").status).toBe(0);
    expect(read("again.html")).toBe(read("out/page.html"));
  });
});

test("of a model alone there is a page without rows, beside it", () => {
  expect(emix("report", "model.json").stderr).toContain("emix: the report is in model.html");
  const words = wordsOf("model.html");
  expect(words).toContain("The 272 rows fall into 2 groups");
  expect(words).not.toContain("Each dot");
  expect(words).not.toContain("Unusual rows");
});

test("of many rows the page shows 4,000, and the rarest of all of them", () => {
  file("made.json", jsonOf(modelFor([[1, 2]])));
  expect(emix("sample", "made.json", "-n", "30000", "-o", "many.csv").status).toBe(0);
  file("many.csv", `${read("many.csv")}50,50,0\n`);
  expect(emix("report", "made.json", "many.csv", "-o", "many.html").status).toBe(0);
  const words = wordsOf("many.html");
  expect(words).toContain("one of 4000 rows drawn at random");
  expect(words).toContain("30,001");
  expect(statSync(join(folder, "many.html")).size).toBeLessThan(2e6);
});

test("criteria of weighted rows are those of rows that stand there as often", () => {
  const rows = Array.from({ length: 60 }, (_, i) => [Math.sin(i) + (i % 2) * 6, Math.cos(3 * i), 1 + (i % 3)]);
  const csv = (some: readonly (readonly number[])[]) => `a,b,w\n${some.map((row) => row.join(",")).join("\n")}\n`;
  file("weighted.csv", csv(rows));
  file("repeated.csv", csv(rows.flatMap((row) => Array.from({ length: row[2] }, () => row))));
  expect(emix("fit", "weighted.csv", "-w", "w", "-k", "2", "-q", "-o", "weighted.json").status).toBe(0);
  const criteriaOf = (...args: string[]) => {
    expect(emix("report", "weighted.json", ...args, "-o", "weighted.html")).toMatchObject({ status: 0 });
    return /BIC\s*[\d.−-]+\s*AIC\s*[\d.−-]+\s*ICL\s*[\d.−-]+/.exec(wordsOf("weighted.html"))?.[0];
  };
  expect(criteriaOf("weighted.csv", "-w", "w")).toBeDefined();
  expect(criteriaOf("weighted.csv", "-w", "w")).toBe(criteriaOf("repeated.csv", "-c", "a", "-c", "b"));
  expect(criteriaOf("weighted.csv", "-w", "w")).not.toBe(criteriaOf("weighted.csv"));
  const negative = file("negative.csv", "a,b,w\n1,2,-1\n");
  expect(emix("report", "weighted.json", negative, "-w", "w").stderr).toContain("[INVALID_WEIGHT]");
  const unweighed = file("unweighed.csv", csv(rows).concat("1,2,\n"));
  expect(criteriaOf(unweighed, "-w", "w", "--missing", "drop")).toBe(criteriaOf("weighted.csv", "-w", "w"));
});

test("flags about a file of points need one", () => {
  for (const flags of [["-w", "waiting"], ["--delimiter", ";"], ["-t", "1"], ["--no-header"]]) {
    expect(emix("report", "model.json", ...flags)).toMatchObject({ status: 2 });
  }
});

test("a page over its own input is refused", () => {
  const { status, stderr } = emix("report", "model.json", faithful, "-o", "model.json");
  expect(status).toBe(2);
  expect(stderr).toContain("another file than those that are read");
});
