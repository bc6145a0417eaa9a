import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { dialectOf } from "../../../../packages/emix/src/cli/recorded-dialect.ts";
import { commandIn, ROOT } from "../../../support/command.ts";

const { emix, file, folder, read, remove } = commandIn("recorded-dialect");
afterAll(remove);

/** With the line that says what was read. */
function whole(...args: string[]) {
  const command = [join(ROOT, "packages/emix/src/cli.ts"), ...args];
  return spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
}

const european = (value: number) => value.toFixed(3).replace(".", ",");
const rows = Array.from({ length: 40 }, (_, i) => [1000 + Math.sin(i) * 900, 1200 + Math.cos(3 * i) * 150]);
file("european.csv", `a;b\n${rows.map((row) => row.map(european).join(";")).join("\n")}\n`);
file("plain.csv", `a,b\n${rows.map((row) => row.map((value) => value.toFixed(3)).join(",")).join("\n")}\n`);
expect(emix("fit", "european.csv", "-k", "2", "-q", "--thousands", ".", "-o", "european.json").status).toBe(0);
expect(emix("fit", "plain.csv", "-k", "2", "-q", "-o", "plain.json").status).toBe(0);
emix(
  "fit",
  file("gaps.csv", "a,b\n1,2\n-999,4\n5,7\n6,1\n"),
  "-k",
  "1",
  "-q",
  "--na",
  "-999",
  "--missing",
  "drop",
  "-o",
  "gaps.json",
);
const bare = rows.map((row) => row.join(",")).join("\n");
emix("fit", file("bare.csv", `a title\n${bare}\n`), "-k", "2", "-q", "--skip", "1", "--no-header", "-o", "bare.json");

const features = (model: string, path: string, ...flags: string[]) => {
  const { stdout, stderr, status } = whole("predict", model, path, "--features", ...flags);
  const cells = stdout
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").slice(1, 3).map(Number));
  return { cells, stderr, status };
};

describe("a file is read as the points of the model were", () => {
  test("where it leaves open what its signs mean", () => {
    const path = file("few.csv", "a;b\n1.234;2.345\n");
    const { cells, stderr } = features("european.json", path);
    expect(cells).toEqual([[1234, 2345]]);
    expect(stderr).toContain(
      'decimal ",", thousands "."; header; columns a, b; read as the points of the model were\n',
    );
    expect(features("plain.json", path).stderr).toContain("[AMBIGUOUS_FILE]");
    expect(features("european.json", path, "--decimal", ".", "--thousands", "").cells).toEqual([[1.234, 2.345]]);
  });

  test("with its tokens for no value", () => {
    const path = file("new.csv", "a,b\n1,2\n-999,4\n");
    expect(whole("score", "gaps.json", path).stderr).toContain("[NON_FINITE_POINT]");
    expect(features("gaps.json", path, "--na", "x").cells).toEqual([
      [1, 2],
      [-999, 4],
    ]);
  });

  test("by score, report and fit --from", () => {
    const path = file("three.csv", "a;b\n1.234;2.345\n1.111;1.222\n2.111;1.322\n");
    const words = "read as the points of the model were";
    expect(whole("score", "european.json", path).stderr).toContain(words);
    expect(whole("report", "european.json", path, "-o", "page.html").stderr).toContain(words);
    expect(read("page.html")).toContain(words);
    const flags = ["--max-iterations", "1", "-o", "on.json"];
    expect(whole("fit", path, "--from", "european.json", ...flags).stderr).toContain(words);
    expect(JSON.parse(read("on.json")).fit.reading).toMatchObject({ like: true, text: { decimal: "," } });
  });
});

describe("a file that was written otherwise is read as it looks", () => {
  test.each([
    ["european.json", "plain.csv"],
    ["plain.json", "european.csv"],
  ])("%s, %s", (model, path) => {
    const words = "it is not written as the points of the model were";
    const { cells, stderr } = features(model, path);
    expect(stderr).toContain("; not written as the points of the model were\n");
    expect(cells).toEqual(rows.map((row) => row.map((value) => Number(value.toFixed(3)))));
    expect(features(model, path, "-q").stderr).toBe(`emix: ${path}: ${words}, and is read as it looks\n`);
  });

  test("or refused where that leaves it open", () => {
    const path = file("open.csv", "a;b\n1,234;5,678\n2,345;6,789\n");
    const { stderr, status } = features("plain.json", path);
    expect(status).toBe(1);
    expect(stderr).toMatch(/--decimal ",".*--thousands ",".*\[AMBIGUOUS_FILE\]\n$/);
  });

  test("and no line is passed over where nothing shows that it is no row", () => {
    const { cells, stderr } = features("bare.json", file("untitled.csv", `${bare}\n`));
    expect(stderr).toContain("no header");
    expect(cells).toEqual(rows);
  });
});

test("files of other formats do not ask how a text was written", () => {
  emix("sample", "plain.json", "-n", "5", "-q", "-o", "drawn.parquet");
  const { status, stderr } = whole("score", "plain.json", "drawn.parquet");
  expect(status).toBe(0);
  expect(stderr).not.toContain("points of the model");
});

test("what a model says of its text is taken as far as it is sound", () => {
  const text = { decimal: "x", delimiter: 3, thousands: ".", header: "seen" };
  expect(dialectOf({ reading: { text }, options: { na: "NA", comment: "#", skip: -1 } })).toEqual({
    thousands: ".",
    header: true,
    comment: "#",
  });
  expect(dialectOf({ reading: { text: null } })).toBeUndefined();
  expect(dialectOf({})).toBeUndefined();
});
