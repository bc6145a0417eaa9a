import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandIn, ROOT } from "../../../../support/command.ts";

const { emix, file, remove } = commandIn("plan");
afterAll(remove);

const faithful = join(ROOT, "data/faithful.csv");

test("plan says what a fit would take, and fits nothing", () => {
  const { status, stdout } = emix("plan", faithful, "-k", "3", "--restarts", "4");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^272 points, 2 features as f64, 3 full components, 4 starts\n/);
  expect(stdout).toContain("estimate");
  expect(JSON.parse(emix("plan", faithful, "-k", "3", "--json").stdout)).toMatchObject({
    points: 272,
    features: 2,
    bytes: { points: expect.any(Number), peak: expect.any(Number) },
  });
});

test("a dry run of fit is a plan, after the same checks", () => {
  expect(emix("fit", faithful, "-k", "3", "--dry-run", "-o", "no.json").stdout).toMatch(/^272 points/);
  expect(emix("fit", faithful, "-k", "3", "--dry-run", "-o", faithful.replace("csv", "txt"))).toMatchObject({
    status: 2,
  });
  expect(emix("fit", "nowhere.csv", "-k", "3", "--dry-run")).toMatchObject({ status: 1 });
});

test("rows that would be left out are not counted", () => {
  const gaps = file("gaps.csv", "x,y\n1,2\n,4\n5,6\n");
  expect(emix("plan", gaps, "-k", "1", "--missing", "drop").stdout).toMatch(/^2 points/);
});

test("a dry run fails where the fit would: too many components, other columns than those of the model", () => {
  const few = file("few.csv", "x,y\n1,2\n3,4\n5,6\n");
  const refused = emix("fit", few, "-k", "4", "--dry-run");
  expect(refused).toMatchObject({ status: 1, stdout: "" });
  expect(refused.stderr).toContain("Expected --components to be at most 3,");
  emix("fit", few, "-k", "1", "-q", "-o", "few.json");
  expect(emix("fit", faithful, "--from", "few.json", "--dry-run").stderr).toContain("[UNKNOWN_COLUMN]");
  expect(emix("fit", few, "--from", "few.json", "--dry-run").stdout).toMatch(/^3 points, 2 features/);
});
