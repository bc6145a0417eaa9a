import { GaussianMixture, type Model } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { commandIn } from "../../../support/command.ts";

// Transformed columns: the model holds the transform, and everything that is shown is in the units of the file.

const { emix, file, read, remove } = commandIn("transforms");
afterAll(remove);

const truth = GaussianMixture.fromParameters({
  weights: [0.4, 0.6],
  means: [0, 3, 2, 8],
  covariances: [0.04, 1, 0.09, 4],
  covarianceType: "diag",
});
const { points } = truth.sample(600, { seed: 2 });
// A price that is lognormal, and a column of another size.
const rows = Array.from({ length: 600 }, (_, i) => [Math.exp(points[2 * i]), 1e6 * points[2 * i + 1]]);
const data = file("prices.csv", `price,size\n${rows.map((row) => row.join(",")).join("\n")}\n`);
const modelOf = (name: string): Model => JSON.parse(read(name)) as Model;
const fit = (...flags: string[]) => emix("fit", data, "-k", "2", "-q", "--tolerance", "1e-10", ...flags);

describe("a fit of logarithms", () => {
  const { stdout } = fit("--log", "price", "-o", "log.json");

  test("shows medians and factors", () => {
    expect(stdout).toMatch(/7\.\d+ ×÷ 1\.\d+/);
    expect(stdout).toContain("price: median ×÷ factor");
  });

  test("has the density of the columns themselves", () => {
    const { fit: run, transforms } = modelOf("log.json");
    expect(transforms?.map(({ log }) => log)).toEqual([true, false]);
    const own = GaussianMixture.fromParameters({
      weights: [0.4, 0.6],
      means: [0, 3e6, 2, 8e6],
      covariances: [0.04, 1e12, 0.09, 4e12],
      covarianceType: "diag",
    });
    const logs = rows.map(([price, size]) => [Math.log(price), size]);
    const volume = rows.reduce((sum, [price]) => sum - Math.log(price), 0) / rows.length;
    expect(Math.abs((run?.lowerBound ?? 0) - (own.score(logs) + volume))).toBeLessThan(0.02);
    expect(Number(emix("score", "log.json", data).stdout)).toBeCloseTo(run?.lowerBound ?? 0, 10);
  });

  test("quantiles are of those densities as well", () => {
    const { outliers, fit: run } = modelOf("log.json");
    const { logDensities = [], probabilities = [] } = outliers ?? {};
    const median = logDensities[probabilities.indexOf(0.5)];
    expect(Math.abs(median - (run?.lowerBound ?? 0))).toBeLessThan(1);
  });

  test("is gone on with by --from, and points come back as they were", () => {
    const again = emix("fit", data, "--from", "log.json", "-q", "-o", "again.json");
    expect(again.status).toBe(0);
    expect(modelOf("again.json").transforms).toEqual(modelOf("log.json").transforms);
    expect(modelOf("again.json").fit?.lowerBound).toBeCloseTo(modelOf("log.json").fit?.lowerBound ?? 0, 6);
    const [, line] = emix("predict", "log.json", data, "--features", "--limit", "1").stdout.split("\n");
    line
      .split(",")
      .slice(1, 3)
      .forEach((value, j) => {
        expect(Number(value) / rows[0][j]).toBeCloseTo(1, 12);
      });
  });
});

describe("a fit of standardized columns", () => {
  test("with full covariances is the fit of the columns: the same density", () => {
    fit("-o", "plain.json");
    fit("--standardize", "-o", "standard.json");
    const [plain, standard] = ["plain.json", "standard.json"].map(modelOf);
    expect(standard.fit?.fingerprint).toBe(plain.fit?.fingerprint);
    expect(standard.fit?.lowerBound).toBeCloseTo(plain.fit?.lowerBound ?? 0, 6);
    expect(Number(emix("score", "standard.json", data).stdout)).toBeCloseTo(plain.fit?.lowerBound ?? 0, 6);
  });

  test("lets spherical components see columns of any size", () => {
    const labels = (flags: string[]) => {
      fit("--covariance-type", "spherical", "--log", "price", ...flags, "-o", "round.json");
      return emix("predict", "round.json", data)
        .stdout.trim()
        .split("\n")
        .slice(1)
        .map((line) => line.split(",")[1]);
    };
    const right = (found: string[]) => {
      const same = found.filter((label, i) => (label === "0") === points[2 * i] > 1).length;
      return Math.max(same, found.length - same) / found.length;
    };
    expect(right(labels(["--standardize"]))).toBeGreaterThan(0.95);
  });

  test("shows numbers in the units of the columns", () => {
    const { stdout } = fit("--standardize");
    expect(stdout).toContain("in their own units");
    expect(stdout).toMatch(/ 8\d{6} ± /);
  });
});

test.each<[string[], RegExp]>([
  [
    ["--log", "cost"],
    /Expected --log to name a column that is fitted \(price, size\), got "cost"\. \[UNKNOWN_COLUMN\]/,
  ],
  [["--log", "size", "-c", "size=size-1e12"], /above 0, to take its logarithm, in row 1, column "size" of prices\.csv/],
])("%j is refused", (flags, message) => {
  const { status, stderr } = fit(...flags);
  expect(status).toBe(1);
  expect(stderr).toMatch(message);
});

describe("points in a file are transformed to the same bits", () => {
  test.each([["--standardize"], ["--log", "price"], ["--standardize", "--log", "price", "--log", "size"]])(
    "%s %s",
    (...flags: string[]) => {
      const positive = file(
        "positive.csv",
        `price,size\n${rows.map(([a, b]) => `${a},${Math.abs(b) + 1}`).join("\n")}\n`,
      );
      const run = (path: string, model: string, ...more: string[]) =>
        emix("fit", path, "-k", "2", "-q", ...flags, "-o", model, ...more);
      expect(run(positive, "memory.json").status).toBe(0);
      expect(run(positive, "file.json", "--storage", "file").status).toBe(0);
      expect(emix("load", positive, "-q", "-o", "prices.tiles").status).toBe(0);
      expect(run("prices.tiles", "saved.json").status).toBe(0);
      const [kept, stored, saved] = ["memory.json", "file.json", "saved.json"].map(modelOf);
      for (const other of [stored, saved]) {
        expect(other.mixture).toEqual(kept.mixture);
        expect(other.transforms).toEqual(kept.transforms);
        expect(other.fit?.trace).toEqual(kept.fit?.trace);
        expect(other.outliers).toEqual(kept.outliers);
      }
      expect(Number(emix("score", "saved.json", "prices.tiles").stdout)).toBeCloseTo(kept.fit?.lowerBound ?? 0, 10);
    },
  );

  test("where logarithms exist", () => {
    const { status, stderr } = emix("fit", data, "-k", "2", "-c", "low=price-1e9", "--log", "low", "--storage", "file");
    expect(status).toBe(1);
    expect(stderr).toContain('column "low"');
  });
});
