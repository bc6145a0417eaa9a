import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { tableFromIPC } from "apache-arrow";
import { GaussianMixture, outlierThreshold, tailProbability } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { commandIn, ROOT } from "../../../../support/command.ts";
import { jsonOf, logDensityOf, modelFor, modelWithLogarithm } from "../../../../support/model-files.ts";

const { emix, file, folder, read, remove } = commandIn("predict");
afterAll(remove);

// Rows as people have them: a gap, quotes, commas, blanks and line ends in texts, numbers written in odd ways.
const IDS = ["007", "8", "12345678901234567890", "1e2", "-0", "x", ""];
const NAMES = ['"a,b"', '"say ""hi"""', '" pad "', '"two\nlines"', "é", "", "NA"];
const POINTS = [
  [0.5, 0.25],
  [1, -1],
  [3, 2],
  [0.125, 0],
  [Number.NaN, 1],
  [40, 30],
  [1.5, 0.5],
];
const GAP = 4;
const csv = [
  "id,name,a,b",
  ...POINTS.map(([a, b], i) => [IDS[i], NAMES[i], Number.isNaN(a) ? "" : a, b].join(",")),
].join("\n");
const kept = POINTS.filter((_, i) => i !== GAP);
const model = modelFor(kept);
const mixture = new GaussianMixture(model.mixture);
file("rows.csv", `${csv}\n`);
file("model.json", jsonOf(model));
file("log.json", jsonOf(modelWithLogarithm(kept)));

/** The texts behind NAMES. */
const PLAIN = NAMES.map((name) => name.replace(/^"|"$/g, "").replaceAll('""', '"'));

function objects(...flags: string[]): Record<string, unknown>[] {
  const { status, stdout, stderr } = emix("predict", "model.json", "rows.csv", "--missing", "drop", "--json", ...flags);
  expect(stderr).not.toContain("emix: Expected");
  expect(status).toBe(0);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("what is written of a row", () => {
  test("is a line for every row, in order, empty where the row lacks a number", () => {
    const rows = objects("--keep", "id,name", "--proba");
    expect(rows.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(rows.map(({ id }) => id)).toEqual(IDS);
    expect(rows.map(({ name }) => name)).toEqual(PLAIN);
    const empty = { label: null, probability: null, log_density: null, p0: null, p1: null };
    expect(rows[GAP]).toEqual({ row: 5, id: "-0", name: "é", ...empty });
    const labels = mixture.predict(kept);
    const probabilities = mixture.predictProba(kept);
    const densities = mixture.logProb(kept);
    for (const [i, row] of rows.filter((_, i) => i !== GAP).entries()) {
      expect(row.label).toBe(labels[i]);
      expect(row.log_density).toBeCloseTo(densities[i], 12);
      expect(row.p0).toBeCloseTo(probabilities[2 * i], 12);
      expect(row.p1).toBeCloseTo(probabilities[2 * i + 1], 12);
      expect(row.probability).toBe(Math.max(Number(row.p0), Number(row.p1)));
    }
  });

  test("has the most probable components in turn where several are asked for", () => {
    const rows = objects("--top", "3");
    const { components, probabilities } = mixture.predictProba(kept, { top: 2 });
    for (const [i, row] of rows.filter((_, i) => i !== GAP).entries()) {
      expect([row.label, row.label3, row.probability3]).toEqual([components[2 * i], null, null]);
      expect(row.label2).toBe(components[2 * i + 1] < 0 ? null : components[2 * i + 1]);
      if (row.label2 !== null) expect(row.probability2).toBeCloseTo(probabilities[2 * i + 1], 12);
    }
    expect(rows[GAP]).toMatchObject({ label: null, label2: null, probability2: null });
  });

  test("has an outlier flag and a tail probability where a share is given", () => {
    const { outliers } = model;
    if (outliers === undefined) throw new Error("a model with quantiles was expected");
    for (const { log_density, outlier, tail_probability } of objects("--outliers", "0.2")) {
      if (log_density === null) expect([outlier, tail_probability]).toEqual([null, null]);
      else {
        expect(outlier).toBe(Number(log_density) < outlierThreshold(outliers, 0.2));
        expect(tail_probability).toBe(tailProbability(outliers, Number(log_density)));
      }
    }
    expect(objects("--outliers", "0.2").filter(({ outlier }) => outlier)).toHaveLength(1);
  });

  test("is in the units of the columns where the model transforms them", () => {
    const { stdout } = emix("predict", "log.json", "rows.csv", "--missing", "drop", "--json", "--features");
    const rows = stdout.trimEnd().split("\n");
    for (const [i, line] of rows.entries()) {
      if (i === GAP) continue;
      const { log_density, a, b } = JSON.parse(line);
      expect([a, b]).toEqual(POINTS[i]);
      expect(log_density).toBeCloseTo(logDensityOf(modelWithLogarithm(kept), POINTS[i]), 11);
    }
  });

  test("keeps all columns; one with the name of a result gets another name, said on standard error", () => {
    file("label.csv", "label,a,b,row\nx,1,2,first\ny,2,1,second\n");
    const { stdout, stderr } = emix("predict", "model.json", "label.csv", "--keep-all");
    expect(stdout.split("\n")[0]).toBe("row,label_of_file,a,b,row_of_file,label,probability,log_density");
    expect(stdout.split("\n")[1]).toMatch(/^1,x,1,2,first,0,/);
    expect(stderr).toContain("emix: the column label of the file is written as label_of_file\n");
  });
});

describe("output files", () => {
  const flags = ["--missing", "drop", "--keep", "id,name", "--outliers", "0.2"];
  const expected = () =>
    objects("--keep", "id,name", "--outliers", "0.2").map((row) => ({ ...row, row: BigInt(Number(row.row)) }));

  async function readBack(sql: string): Promise<Record<string, unknown>[]> {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    return (await connection.runAndReadAll(sql)).getRowObjects();
  }

  test.each(["out.csv", "new/folder/out.ndjson", "out.parquet", "out.arrow"])(
    "%s holds the same rows",
    async (name) => {
      const { status, stdout, stderr } = emix("predict", "model.json", "rows.csv", ...flags, "-o", name);
      expect([status, stdout]).toEqual([0, ""]);
      expect(stderr).toContain(`emix: wrote 7 rows to ${name}\n`);
      const path = join(folder, name);
      const found = name.endsWith(".arrow")
        ? tableFromIPC(readFileSync(path))
            .toArray()
            .map((row) => row.toJSON())
        : await readBack(
            name.endsWith(".csv")
              ? `FROM read_csv('${path}', header = true, types = {id: 'VARCHAR', name: 'VARCHAR'})`
              : name.endsWith(".ndjson")
                ? `FROM read_json('${path}', format = 'newline_delimited')`
                : `FROM '${path}'`,
          );
      const withoutNulls = (rows: Record<string, unknown>[]) =>
        rows.map((row) => ({
          ...row,
          label: row.label === null ? null : Number(row.label),
          name: row.name ?? "",
          id: row.id ?? "",
        }));
      expect(withoutNulls(found)).toEqual(withoutNulls(expected()));
    },
  );

  test("a file that cannot be written whole leaves nothing behind, and an input is never written over", () => {
    const before = readdirSync(folder);
    const over = emix("predict", "model.json", "rows.csv", "--missing", "drop", "-o", "rows.csv");
    expect(over.status).toBe(2);
    expect(over.stderr).toMatch(/Expected an output to be another file than those that are read, got rows\.csv/);
    expect(read("rows.csv")).toBe(`${csv}\n`);
    expect(emix("predict", "model.json", "rows.csv", "-o", "half.csv").status).toBe(1);
    expect(readdirSync(folder)).toEqual(before);
  });

  test.each<[string, string[], number, RegExp]>([
    ["another ending", ["-o", "out.xls"], 2, /end in \.csv, \.ndjson.*got out\.xls.*UNKNOWN_FORMAT/],
    ["an unknown column to keep", ["--keep", "nam"], 1, /Did you mean "name"\?.*UNKNOWN_COLUMN/],
    ["a share beyond 1", ["--outliers", "2"], 2, /between 0 and 1/],
    [
      "a column that is none of the model's",
      ["-c", "z=a"],
      2,
      /those of the model \(a, b\), got "z=a".*INVALID_OPTION/,
    ],
  ])("%s is refused", (_, more, code, message) => {
    const { status, stdout, stderr } = emix("predict", "model.json", "rows.csv", "--missing", "drop", ...more);
    expect([status, stdout]).toEqual([code, ""]);
    expect(stderr).toMatch(message);
  });
});

test("a gap is an error that names its row, before anything is printed", () => {
  const { status, stdout, stderr } = emix("predict", "model.json", "rows.csv");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/row 5, column "a" of rows\.csv .*NON_FINITE_POINT/);
});

test("a column of another name is mapped; columns stand in the order of the model", () => {
  file("swapped.csv", `b,a2\n${kept.map(([a, b]) => `${b},${a}`).join("\n")}\n`);
  const mapped = emix("predict", "model.json", "swapped.csv", "-c", "a=a2");
  expect(mapped.status).toBe(0);
  file("plain.csv", `a,b\n${kept.map((point) => point.join()).join("\n")}\n`);
  expect(mapped.stdout).toBe(emix("predict", "model.json", "plain.csv").stdout);
});

test("a reader that has seen enough ends the command quietly", () => {
  const lines = Array.from({ length: 200_000 }, (_, i) => `${i % 7},${i % 5}`);
  file("many.csv", `a,b\n${lines.join("\n")}\n`);
  const command = `"${process.execPath}" "${join(ROOT, "packages/emix/src/cli.ts")}" predict model.json many.csv`;
  const shell = `${command} 2>err.txt | head -1; echo "\${PIPESTATUS[0]}"`;
  const out = execFileSync("bash", ["-c", shell], { cwd: folder, encoding: "utf8" });
  expect(out).toBe("row,label,probability,log_density\n0\n");
  expect(read("err.txt")).toMatch(/^read many\.csv: 200,000 rows[^\n]*\n$/);
});

test.each(["rows.ndjson", "rows.parquet", "rows.arrow"])("columns of %s are kept as they are there", (name) => {
  const first = emix(
    "predict",
    "model.json",
    "rows.csv",
    "--missing",
    "drop",
    "--keep",
    "id,name",
    "--features",
    "-o",
    name,
  );
  expect(first.status).toBe(0);
  const { stdout } = emix(
    "predict",
    "model.json",
    name,
    "--missing",
    "drop",
    "--keep",
    "id,name,log_density",
    "--json",
  );
  const rows = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(rows.map(({ id }) => id ?? "")).toEqual(IDS);
  expect(rows.map((row) => row.name ?? "")).toEqual(PLAIN);
  for (const { log_density, log_density_of_file } of rows) {
    expect(log_density_of_file === null ? null : Number(log_density_of_file)).toBe(log_density);
  }
});

test("a file without a complete row has a line for every row all the same, and --limit is kept", () => {
  file("gaps.csv", "a,b\n1,\n,2\n3,\n");
  const { status, stdout } = emix("predict", "model.json", "gaps.csv", "--missing", "drop", "--limit", "2");
  expect([status, stdout]).toEqual([0, "row,label,probability,log_density\n1,,,\n2,,,\n"]);
});

test("memory does not grow with the file", () => {
  const program = join(ROOT, "packages/emix/src/cli/program.ts");
  const kilobytes = (count: number): number => {
    file("long.csv", `a,b\n${"0.25,-1.5\n".repeat(count)}`);
    const script = `const { run } = await import(${JSON.stringify(program)});
      process.exitCode = await run(["predict", "model.json", "long.csv", "-o", "long-out.csv"]);
      console.log(process.resourceUsage().maxRSS);`;
    // A small heap keeps the garbage collector from waiting, so that what is left is what is held.
    const args = ["--max-old-space-size=128", "--max-semi-space-size=2", "--input-type=module", "-e", script];
    return Number(execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", stdio: "pipe" }));
  };
  expect(kilobytes(1_000_000) - kilobytes(250_000)).toBeLessThan(120_000);
});

describe("--missing marginal", () => {
  const lines = (...args: string[]) => {
    const { status, stdout, stderr } = emix("predict", ...args, "--missing", "marginal", "--json", "--features");
    expect([status, stderr]).toEqual([0, expect.not.stringContaining("Expected")]);
    const texts = stdout.trimEnd().split("\n");
    return texts.map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  test("goes by the columns that a row has", () => {
    const rows = lines("model.json", "rows.csv", "--proba");
    const [b] = [mixture.marginal([1])];
    expect(rows[GAP]).toMatchObject({ row: 5, a: null, b: 1, label: b.predict([[1]])[0] });
    expect(rows[GAP].log_density).toBeCloseTo(b.logProb([[1]])[0], 12);
    expect(rows[GAP].p0).toBeCloseTo(b.predictProba([[1]])[0], 12);
    const whole = objects("--proba");
    rows.forEach((row, i) => {
      if (i !== GAP) expect(row).toMatchObject(whole[i]);
    });
  });

  test("takes only the logarithms of numbers that are there", () => {
    file("part.csv", "a,b\n,1\n2,\n");
    const rows = lines("log.json", "part.csv");
    const { mixture: transformed, transforms = [] } = modelWithLogarithm(kept);
    const { log, centre, scale } = transforms[0];
    const moved = ((log ? Math.log(2) : 2) - centre) / scale;
    const expected = new GaussianMixture(transformed).marginal([0]).logProb([[moved]])[0];
    expect(rows[1].log_density).toBeCloseTo(expected - Math.log((log ? 2 : 1) * scale), 11);
    expect(rows.map(({ label }) => label)).not.toContain(null);
  });

  test("needs a number in every row, and no --outliers", () => {
    file("none.csv", "a,b\n1,2\n,\n");
    const none = emix("predict", "model.json", "none.csv", "--missing", "marginal");
    expect(none.status).not.toBe(0);
    expect(none.stderr).toMatch(/Expected at least one finite number in .*(row|line).*\[NON_FINITE_POINT\]/);
    const outliers = emix("predict", "model.json", "rows.csv", "--missing", "marginal", "--outliers", "0.1");
    expect(outliers.stderr).toContain("--outliers compares log densities of whole rows");
    const wrong = emix("predict", "model.json", "rows.csv", "--missing", "mean");
    expect(wrong.stderr).toContain("error, drop, marginal");
  });
});
