import { GaussianMixture } from "emix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commandIn, ROOT } from "../../../../support/command.ts";
import { jsonOf, modelWithLogarithm } from "../../../../support/model-files.ts";

const { emix, file, read, remove } = commandIn("inspect");
afterAll(remove);

const faithful = `${ROOT}data/faithful.csv`;
beforeAll(() => {
  expect(emix("fit", faithful, "-k", "2", "--standardize", "-q", "-o", "model.json").status).toBe(0);
});

test("a summary says what the groups are and how they came about", () => {
  const { status, stdout } = emix("inspect", "model.json");
  expect(status).toBe(0);
  expect(stdout).toContain("The 272 rows fall into 2 groups, with 64 % and 36 % of the rows.");
  expect(stdout).toMatch(/eruptions around 4\.29 and waiting around 80/);
  expect(stdout).toContain("seed: 0\n");
  expect(stdout).toContain("columns eruptions, waiting");
  for (const line of stdout.split("\n"))
    if (!/^(fingerprint|read)/.test(line)) expect(line.length).toBeLessThanOrEqual(100);
});

test("as JSON, means and deviations are in the units of the columns", () => {
  const { groups, columns, fit, components } = JSON.parse(emix("inspect", "model.json", "--json").stdout);
  expect(components).toBe(2);
  expect(columns).toEqual(["eruptions", "waiting"]);
  expect(fit.points).toBe(272);
  expect(groups[0].mean.waiting).toBeCloseTo(80, 0);
  expect(groups[1].mean.eruptions).toBeCloseTo(2.04, 1);
  expect(groups[0].covariance[0]).toBeCloseTo(groups[0].standardDeviation.eruptions ** 2, 12);
  expect(groups[0].covariance[3]).toBeCloseTo(groups[0].standardDeviation.waiting ** 2, 12);
  expect(groups[0].covariance[1]).toBeCloseTo(groups[0].covariance[2], 12);
});

test.each(["full", "tied", "diag", "spherical", "tied-diag", "tied-spherical"])(
  "covariances of %s are whole matrices",
  (type) => {
    expect(emix("fit", faithful, "-k", "2", "--covariance-type", type, "-q", "-o", "typed.json").status).toBe(0);
    const { variances } = GaussianMixture.fromJSON(JSON.parse(read("typed.json")));
    const { groups } = JSON.parse(emix("inspect", "typed.json", "--json").stdout);
    for (const [c, { covariance }] of groups.entries()) {
      expect([covariance[0], covariance[3]]).toEqual([variances[2 * c], variances[2 * c + 1]]);
    }
  },
);

test("a mixture whose fit is not known is described without it", () => {
  const { columns: _, outliers: __, ...bare } = JSON.parse(jsonOf(modelWithLogarithm([[1, 2]])));
  const { status, stdout } = emix("inspect", file("bare.json", JSON.stringify(bare)));
  expect(status).toBe(0);
  expect(stdout).toContain("The mixture has 2 groups, with 60 % and 40 % of the rows.");
  expect(stdout).toContain("ln x0");
  expect(stdout).not.toContain("The fit");
});
