import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FILE_OPTIONS } from "@emix/io";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { columnsFor } from "../../../../packages/emix/src/cli/input.ts";

const root = new URL("../../../../", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "emix-input-"));

afterAll(() => rmSync(folder, { recursive: true }));

function emix(...args: string[]) {
  const command = [join(root, "packages/emix/src/cli.ts"), ...args];
  return spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

const ROWS = Array.from({ length: 20 }, (_, row) => `${row},k${row},"1,${100 + row}.50",${(row % 2) * 9 + row / 7}`);

describe("the line that says what was read", () => {
  test("names columns used and left out, and how the file is written", () => {
    const path = file("sales.csv", `id,key,sales,x\n${ROWS.join("\n")}\n`);
    const { stderr, status } = emix("fit", path, "-k", "2", "--progress", "none");
    expect(status).toBe(0);
    expect(stderr).toContain(
      'read sales.csv: 20 rows; delimiter ",", thousands ","; header; columns sales, x; ' +
        'left out: id (row number), key (text, e.g. "k0")\n',
    );
  });

  test("a gap is left out by a flag, not by an option", () => {
    const path = file("gap.csv", "x,y\n1,2\n3,\n5,6\n");
    const { stderr } = emix("fit", path, "-k", "1", "-q");
    expect(stderr).toContain("fill it in, or leave such rows out with --missing drop. [NON_FINITE_POINT]");
    expect(stderr).not.toContain("`");
  });

  test("names flags, not options", () => {
    const path = file("mixed.csv", 'a,x\n"1,50",0.5\n"2,25",7.5\n"3,75",1.5\n');
    expect(emix("fit", path, "-k", "1", "--progress", "none").stderr).toContain(
      'a (text, e.g. "1,50"; --decimal "," reads it)',
    );
    const ambiguous = file("ambiguous.csv", "a;b\n1,234;5,678\n2,345;6,789\n");
    const { stderr, status } = emix("fit", ambiguous, "-k", "1", "--progress", "none");
    expect(stderr).toMatch(/--decimal ",".*--thousands ",".*\[AMBIGUOUS_FILE\]\n$/);
    expect(status).toBe(1);
    expect(emix("fit", ambiguous, "-k", "1", "--progress", "none", "--decimal", ",").status).toBe(0);
  });

  test("a header of numbers: --header and --no-header", () => {
    const path = file(
      "years.csv",
      `2023,2024,2025\n${Array.from({ length: 9 }, (_, row) => `${1900 + 50 * row},${2500 - row},2000`).join("\n")}\n`,
    );
    expect(emix("fit", path, "-k", "1", "--progress", "none").stderr).toMatch(/--header.*--no-header.*AMBIGUOUS_FILE/);
    expect(emix("fit", path, "-k", "1", "--progress", "none", "--header").stderr).toContain("9 rows");
    expect(emix("fit", path, "-k", "1", "--progress", "none", "--no-header").stderr).toContain("10 rows");
  });
});

describe("-q", () => {
  const gaps = "x,y\n1,2\n,4\n5,6\n7,9\n";

  test("says nothing about what was read", () => {
    const path = file("quiet.csv", gaps);
    const flags = ["--missing", "drop", "-q"];
    expect(emix("fit", path, "-k", "1", ...flags, "-o", "quiet.json")).toMatchObject({ status: 0, stderr: "" });
    expect(emix("predict", "quiet.json", path, ...flags, "-o", "quiet.ndjson")).toMatchObject({
      status: 0,
      stderr: "",
    });
    expect(emix("score", "quiet.json", path, ...flags)).toMatchObject({ status: 0, stderr: "" });
    expect(emix("report", "quiet.json", path, ...flags)).toMatchObject({ status: 0, stderr: "" });
    expect(emix("sample", "quiet.json", "-n", "3", "-q", "-o", "some.csv")).toMatchObject({ status: 0, stderr: "" });
  });

  test("tells all the same what makes other numbers of those in the file, and errors, in flags", () => {
    const path = file("large.csv", "x,y\n9007199254740993,1\n3,1\n4,5\n");
    expect(emix("fit", path, "-k", "1", "-q").stderr).toBe("emix: large.csv: x: integers beyond 2^53 are rounded\n");
    expect(emix("fit", file("gap.csv", gaps), "-k", "1", "-q").stderr).toMatch(
      /^emix: .* leave such rows out with --missing drop\. \[NON_FINITE_POINT\]\n$/,
    );
  });
});

describe("columns of a model", () => {
  beforeAll(() => {
    file(
      "train.csv",
      `height,weight\n${Array.from({ length: 30 }, (_, row) => `${150 + row},${(row * 7) % 50}`).join("\n")}\n`,
    );
    file("other.csv", "w,height\n10,160\n20,170\n");
    emix("fit", "train.csv", "-k", "1", "--progress", "none", "-o", "model.json");
  });

  test("its names decide, whatever their order", () => {
    const plain = emix("score", "model.json", "train.csv").stdout;
    expect(emix("score", "model.json", "train.csv", "-c", "weight", "-c", "height").stdout).toBe(plain);
  });

  test("another name is refused, and mapped by name=other", () => {
    const { stderr, status } = emix("score", "model.json", "other.csv", "-c", "w");
    expect(status).toBe(2);
    expect(stderr).toContain("(height, weight)");
    expect(emix("score", "model.json", "other.csv", "-c", "weight=w").status).toBe(0);
  });

  test("as a function", () => {
    expect(columnsFor(["a", "b=x*2"], [])).toEqual(["a", "b=x*2"]);
    expect(columnsFor(["a", "b=x*2"], ["b=y", "a"])).toEqual(["a", "b=y"]);
    expect(columnsFor(["a", "b"], ["b=y"])).toEqual(["a", "b=y"]);
    expect(() => columnsFor(["a"], ["c"])).toThrow(/of the model/);
  });
});

test("the help has a flag for every option of files that is for people at a command line", () => {
  const help = emix("fit", "--help").stdout;
  const flags = Object.values(FILE_OPTIONS).flatMap((row) => row.flags ?? []);
  for (const { name, argument } of flags) expect(help).toContain(`${name} ${argument}`);
  expect(help).toContain("How files are read:");
});
