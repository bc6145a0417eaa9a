import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GaussianMixture, type Model, readModel } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { commandIn, ROOT } from "../../../../support/command.ts";

const { emix, file, read, folder, remove } = commandIn("fit");
afterAll(remove);

const faithful = join(ROOT, "data/faithful.csv");
const modelOf = (name: string): Model => JSON.parse(read(name)) as Model;

describe("a model says how it came about", () => {
  const flags = ["-k", "2", "--seed", "7", "--restarts", "3", "--restart-strategy", "all"];
  emix("fit", faithful, ...flags, "-q", "-o", "model.json", "-o", "model.npz", "-o", "model.onnx");
  const { columns, fit, outliers } = modelOf("model.json");

  test("by whom, with what, from which points", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "packages/emix/package.json"), "utf8"));
    expect(columns).toEqual(["eruptions", "waiting"]);
    expect(fit).toMatchObject({
      version,
      seed: 7,
      options: { components: 2, seed: 7, restarts: 3, restartStrategy: "all" },
      points: 272,
      dropped: 0,
      converged: true,
      warnings: [],
    });
    expect(fit?.fingerprint).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test("with the trace of every start", () => {
    const starts = fit?.starts as { trace: number[] }[];
    expect(starts).toHaveLength(3);
    expect(starts[fit?.restart ?? 0].trace).toEqual(fit?.trace);
    expect(fit?.trace).toHaveLength(fit?.iterations ?? 0);
  });

  test("and how likely its points were", async () => {
    const rows = readFileSync(faithful, "utf8").trim().split("\n").slice(1);
    const mixture = GaussianMixture.fromJSON(modelOf("model.json"));
    const logDensities = mixture.logProb(rows.map((row) => row.split(",").map(Number))).sort();
    expect(outliers?.logDensities[0]).toBe(logDensities[0]);
    expect(outliers?.logDensities.at(-1)).toBe(logDensities.at(-1));
  });

  test("in every format that can be read", async () => {
    const { mixture, ...about } = await readModel(join(folder, "model.npz"));
    const json = await readModel(join(folder, "model.json"));
    expect({ mixture, ...about }).toEqual(json);
  });

  test("the table has criteria as other programs have them", () => {
    const { stdout } = emix("fit", faithful, "-k", "2", "-q");
    // mclust: BIC −2322.192, the other sign; of VVV with 2 components.
    expect(stdout).toMatch(/BIC 2,322\.19, AIC 2,282\.53, ICL 2,32\d\.\d\d; lower is better/);
    expect(stdout).toContain("11 parameters");
  });
});

describe("components keep their numbers", () => {
  const truth = GaussianMixture.fromParameters({
    weights: [0.4, 0.3, 0.2, 0.1],
    means: [0, 0, 8, 0, 0, 8, 8, 8],
    covariances: [1, 2, 1, 1],
    covarianceType: "spherical",
  });
  const { points } = truth.sample(2000, { seed: 5 });
  const rows = Array.from({ length: 2000 }, (_, i) => `${points[2 * i]},${points[2 * i + 1]}`);
  const data = file("four.csv", `x,y\n${rows.join("\n")}\n`);
  const means = (name: string) =>
    Array.from(modelOf(name).mixture?.means ?? (JSON.parse(read(name)) as { means: number[] }).means);
  const near = (name: string, right: readonly number[]) =>
    means(name).forEach((mean, i) => {
      expect(Math.abs(mean - right[i])).toBeLessThan(0.5);
    });
  const fit = (seed: number, ...flags: string[]) =>
    emix("fit", data, "-k", "4", "--restarts", "5", "--seed", `${seed}`, "-q", "-o", "now.json", ...flags);

  test("over 20 seeds: by weight, and as in another model", () => {
    file("truth.json", JSON.stringify(new GaussianMixture({ ...truth.parameters }).ordered(1).ordered(0)));
    for (let seed = 0; seed < 20; seed++) {
      const matched = seed % 2 === 1;
      fit(seed, ...(matched ? ["--match-to", "truth.json"] : []));
      near("now.json", matched ? (truth.ordered(0).means as unknown as number[]) : [0, 0, 8, 0, 0, 8, 8, 8]);
    }
  }, 60_000);

  test("by a column", () => {
    fit(1, "--order", "y");
    const ys = means("now.json").filter((_, i) => i % 2 === 1);
    expect(ys).toEqual(ys.toSorted((a, b) => a - b));
  });

  test("of standardized columns too, matched to a model that is not", () => {
    fit(3, "--order", "x", "-o", "byx.json");
    fit(4, "--standardize", "--match-to", "byx.json", "-o", "matched.json");
    const { weights } = JSON.parse(read("matched.json")) as { weights: number[] };
    const right = (JSON.parse(read("byx.json")) as { weights: number[] }).weights;
    weights.forEach((weight, i) => {
      expect(weight).toBeCloseTo(right[i], 2);
    });
  });

  test("a fit that goes on from a model keeps its numbers", () => {
    fit(3, "--order", "y", "-o", "byy.json");
    const order = means("byy.json");
    emix("fit", data, "--from", "byy.json", "-q", "-o", "on.json");
    near("on.json", order);
  });

  test("warnings speak of the new numbers", () => {
    const few = file(
      "few.csv",
      `x,y\n${Array.from({ length: 40 }, (_, i) => (i < 10 ? `${i / 10},5` : `${20 + Math.sin(i)},${Math.cos(i)}`)).join("\n")}\n`,
    );
    emix("fit", few, "-k", "2", "-q", "-o", "flat.json");
    const { weights, fit: run } = JSON.parse(read("flat.json"));
    const collapsed = run.warnings.filter(({ code }: { code: string }) => code === "COLLAPSED_COMPONENT");
    expect(collapsed.length).toBeGreaterThan(0);
    for (const { component } of collapsed) expect(weights[component]).toBeLessThan(0.5);
  });

  test.each<[string[], RegExp]>([
    [["--order", "z"], /Expected --order to be weight or a column that is fitted \(x, y\), got "z"/],
    [["--match-to", join(folder, "model.json")], /to have the columns x, y, got eruptions, waiting/],
  ])("%j is refused before the fit", (flags, message) => {
    const { status, stderr } = fit(1, ...flags);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });
});

describe("the table", () => {
  test("tells places apart that lie a kilometre from each other, and years", () => {
    const places = Array.from({ length: 200 }, (_, i) => {
      const [lat, lon] = i % 2 === 0 ? [37.7812, -122.411] : [37.7749, -122.395];
      return `${lat + 0.001 * Math.sin(i * 7)},${lon + 0.001 * Math.cos(i * 3)},${2021 - (i % 2)}`;
    });
    const { stdout } = emix(
      "fit",
      file("places.csv", `lat,lon,year\n${places.join("\n")}\n`),
      "-k",
      "2",
      "-q",
      "-c",
      "lat",
      "-c",
      "lon",
    );
    const shown = stdout.match(/-?\d+\.\d+(?= ± )/g)?.map(Number) ?? [];
    expect(shown).toHaveLength(4);
    for (const right of [37.7812, 37.7749, -122.411, -122.395]) {
      expect(Math.min(...shown.map((value) => Math.abs(value - right)))).toBeLessThan(0.0004);
    }
  });

  test("has a row for each column where they are many", () => {
    const names = Array.from({ length: 30 }, (_, j) => `column${j}`);
    const wide = Array.from({ length: 80 }, (_, i) =>
      names.map((_, j) => (i % 2) * j + Math.sin(i * (j + 2))).join(","),
    );
    const { stdout } = emix(
      "fit",
      file("wide.csv", `${names.join(",")}\n${wide.join("\n")}\n`),
      "-k",
      "2",
      "-q",
      "--covariance-type",
      "diag",
    );
    expect(
      Math.max(
        ...stdout
          .split("\n")
          .filter((line) => line.includes("±"))
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(100);
    expect(stdout).toMatch(/^ *column29 +-?[\d.]+ ± [\d.]+ +-?[\d.]+ ± [\d.]+$/m);
    expect(stdout).toMatch(/^component +0 +1$/m);
  });

  test("says that the iterations did not do, unless just so many were asked for", () => {
    const { stdout, status } = emix("fit", faithful, "-k", "3", "-q", "--max-iterations", "2", "-o", "two.json");
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^warning: stopped after 2 iterations, before the fit had converged; .* \[NOT_CONVERGED\]$/m,
    );
    expect(modelOf("two.json").fit?.warnings).toMatchObject([{ code: "NOT_CONVERGED", change: expect.any(Number) }]);
    expect(emix("fit", faithful, "-k", "3", "-q", "--max-iterations", "2", "--tolerance", "0").stdout).not.toContain(
      "warning",
    );
  });

  test("shows times as times", () => {
    const days = Array.from({ length: 60 }, (_, i) => `2024-0${1 + (i % 2) * 6}-0${1 + (i % 7)} 12:00:00,${i % 5}`);
    const { stdout } = emix(
      "fit",
      file("days.csv", `when,x\n${days.join("\n")}\n`),
      "-k",
      "2",
      "-q",
      "-c",
      'day=epoch("when")',
      "-c",
      "x",
    );
    expect(stdout).toMatch(/2024-01-04 \d\d:\d\d ± 2\.0 d/);
    expect(stdout).toMatch(/2024-07-04 \d\d:\d\d ± 2\.0 d/);
  });
});
