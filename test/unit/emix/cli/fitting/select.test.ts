import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { commandIn, ROOT } from "../../../../support/command.ts";

const { emix, read, remove } = commandIn("select");
afterAll(remove);

const faithful = join(ROOT, "data/faithful.csv");

describe("emix select", () => {
  const flags = ["-k", "1..3", "--covariance-type", "full,tied", "--restarts", "2"];
  const { stdout, status } = emix("select", faithful, ...flags, "-o", "best.json");

  test("prints a table with the best marked, and then the best", () => {
    expect(status).toBe(0);
    const [heading, , ...rows] = stdout.split("\n");
    expect(heading.trim().split(/\s+/)).toEqual(["BIC", "full", "tied"]);
    const values = rows.slice(0, 3).map((row) => row.trim().split(/\s{2,}/));
    expect(values.map(([components]) => components)).toEqual(["1", "2", "3"]);
    // mclust: the BICs of VVV and EEE, with the other sign.
    expect(values[0][1]).toBe("2,607.6");
    expect(values[1][1]).toMatch(/^2,322\.2/);
    expect(stdout.match(/\d\*/g)).toHaveLength(1);
    expect(stdout).toContain("component   share");
  });

  test("writes the best with the others' criteria", () => {
    const { fit, components, covarianceType } = JSON.parse(read("best.json"));
    expect(fit.selection).toHaveLength(6);
    const best = fit.selection.reduce((a: { bic: number }, b: { bic: number }) => (b.bic < a.bic ? b : a));
    expect(best).toMatchObject({ components, covarianceType });
    expect(fit.options).toMatchObject({ components, covarianceType, restarts: 2 });
    expect(best.lowerBound).toBeCloseTo(fit.lowerBound, 12);
  });

  test("of standardized columns is in the units of the columns", () => {
    emix("select", faithful, ...flags, "--standardize", "-o", "standard.json");
    const [plain, standard] = ["best.json", "standard.json"].map((name) => JSON.parse(read(name)).fit.selection);
    for (const row of [0, 1, 2]) expect(standard[row].bic).toBeCloseTo(plain[row].bic, 3);
  });

  test.each([["0..3"], ["3..1"], ["a"], ["1,"], [""]])("-k %j is wrong usage", (list) => {
    expect(emix("select", faithful, "-k", list)).toMatchObject({ status: 2, stderr: expect.stringContaining("1..8") });
  });
});
