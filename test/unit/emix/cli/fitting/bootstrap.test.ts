import { join } from "node:path";
import { GaussianMixture } from "@emix/core";
import { createEngine, readModel } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { commandIn, ROOT } from "../../../../support/command.ts";

const { emix, folder, remove } = commandIn("bootstrap");
const faithful = join(ROOT, "data/faithful.csv");
afterAll(remove);

const lines = (text: string) => text.split("\n").map((line) => line.trim().split(/\s{2,}/));

describe("emix bootstrap", () => {
  test("gives what the library gives, with the options of the fit", async () => {
    emix("fit", faithful, "-k", "2", "--tolerance", "1e-8", "--regularization", "1e-4", "-o", "model.json");
    const { status, stdout } = emix("bootstrap", "model.json", faithful, "--resamples", "20", "--seed", "5", "--json");
    expect(status).toBe(0);
    const found = JSON.parse(stdout);
    await using engine = await createEngine({ threads: 1, offThread: false });
    const points = await engine.loadFile(faithful);
    const { mixture: parameters } = await readModel(join(folder, "model.json"));
    const mixture = new GaussianMixture(parameters);
    const options = { mixture, tolerance: 1e-8, regularization: 1e-4, resamples: 20, seed: 5 };
    const { weights, means, covariances } = await engine.bootstrap(points, options);
    for (const [name, spread] of Object.entries({ weights, means, covariances })) {
      for (const [field, values] of Object.entries(spread)) {
        for (const [i, value] of (values as Float64Array).entries()) {
          expect(found[name][field][i]).toBeCloseTo(value, 9);
        }
      }
    }
    expect(found.means.estimates).toEqual([...mixture.means]);
    expect(found).toMatchObject({ resamples: 20, level: 0.95, failed: [], columns: ["eruptions", "waiting"] });
  });

  test.each(["full", "tied", "diag", "spherical", "tied-diag", "tied-spherical"])(
    "shows %s in the units of the columns, whatever the fit saw of them",
    (type) => {
      const plain = ["fit", faithful, "-k", "2", "--covariance-type", type, "-q", "-o", "plain.json"];
      emix(...plain);
      const table = lines(emix("bootstrap", "plain.json", faithful, "--resamples", "9", "-q").stdout);
      expect(table[0]).toEqual([
        ...["component", "of", "mean ± error", "95 % interval", "deviation ± error", "95 % interval"],
      ]);
      expect(table).toHaveLength(2 + 2 * 3 + 3);
      const model = JSON.parse(emix("inspect", "plain.json", "--json").stdout);
      const { groups } = model;
      const [component, of, mean, , deviation] = table[2 + 2];
      expect([component, of]).toEqual(["0", "waiting"]);
      expect(Number.parseFloat(mean)).toBeCloseTo(groups[0].mean.waiting, 0);
      expect(Math.abs(Number.parseFloat(deviation) / groups[0].standardDeviation.waiting - 1)).toBeLessThan(0.05);
    },
  );

  test("undoes what columns were transformed by", () => {
    const flags = ["--standardize", "--log", "waiting", "-q", "-o", "transformed.json"];
    emix("fit", faithful, "-k", "2", ...flags);
    const { stdout } = emix("bootstrap", "transformed.json", faithful, "--resamples", "9", "--level", "0.5", "-q");
    const [heading, , share, eruptions, waiting] = lines(stdout);
    expect(heading[3]).toBe("50 % interval");
    expect(share[2]).toMatch(/^6\d\.\d ± \d\.\d %$/);
    expect(Number.parseFloat(eruptions[2])).toBeCloseTo(4.29, 1);
    expect(waiting[2]).toMatch(/^79\.\d+ ×÷ 1\.\d+$/);
    const [lower, upper] = waiting[3].split(" to ").map(Number);
    expect(lower).toBeLessThan(upper);
    expect(lower).toBeGreaterThan(70);
  });

  test("refuses what it cannot do", () => {
    emix("fit", faithful, "-k", "2", "-q", "-o", "model.json");
    expect(emix("bootstrap", "model.json", faithful, "--level", "2").status).toBe(2);
    expect(emix("bootstrap", "model.json", faithful, "--resamples", "1")).toMatchObject({ status: 2 });
    expect(emix("bootstrap", "model.json", join(ROOT, "data/iris.csv")).stderr).toContain("[UNKNOWN_COLUMN]");
  });
});
