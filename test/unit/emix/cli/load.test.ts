import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { commandIn, ROOT } from "../../../support/command.ts";

const { emix, read, folder, remove } = commandIn("load");
const faithful = join(ROOT, "data/faithful.csv");
afterAll(remove);

const model = (path: string) => {
  const { fit, ...rest } = JSON.parse(read(path));
  const { fingerprint, lowerBound, trace, reading } = fit;
  return { ...rest, fingerprint, lowerBound, trace, text: reading.text };
};

describe("emix load", () => {
  test("saves points that are fitted to the same model", () => {
    const saved = emix("load", faithful, "-c", "waiting", "-c", "half=eruptions/2", "-o", "half.tiles");
    expect(saved).toMatchObject({ status: 0, stdout: "half.tiles: 272 points, 2 features as f64\n" });
    emix("fit", faithful, "-c", "waiting", "-c", "half=eruptions/2", "-k", "2", "-o", "source.json");
    expect(emix("fit", "half.tiles", "-k", "2", "-o", "saved.json").status).toBe(0);
    expect(model("saved.json")).toEqual(model("source.json"));
    expect(emix("predict", "saved.json", faithful, "--limit", "1").status).toBe(0);
    const selected = emix("select", "half.tiles", "-k", "2", "--covariance-type", "diag", "--from", "x");
    expect(selected.status).toBe(2);
    expect(emix("select", "half.tiles", "-k", "2", "--covariance-type", "diag").status).toBe(0);
  });

  test("saves points whose rows a model is asked about, and whose fit is planned", () => {
    writeFileSync(join(folder, "gaps.csv"), "a,b,w\n1,2,1\n3,,1\n2,4,2\n7,9,1\n6,8,3\n1.5,2.5,1\n");
    const weights = ["--weights", "w"];
    emix("fit", "gaps.csv", ...weights, "--missing", "drop", "-k", "1", "-o", "gaps.json");
    expect(emix("load", "gaps.csv", ...weights, "--missing", "drop", "-o", "gaps.tiles").status).toBe(0);
    emix("load", faithful, "-o", "all.tiles");
    emix("fit", "all.tiles", "-k", "2", "--log", "waiting", "-o", "all.json");
    const cases = [
      ["predict", "all.json", faithful, "all.tiles", "--features", "--proba"],
      ["predict", "gaps.json", "gaps.csv", "gaps.tiles", "--top", "1"],
      ["score", "all.json", faithful, "all.tiles", "--per-row"],
    ];
    for (const [command, from, source, saved, ...flags] of cases) {
      const drop = source === "gaps.csv" ? ["--missing", "drop"] : [];
      const expected = emix(command, from, source, ...flags, ...drop);
      expect(emix(command, from, saved, ...flags)).toMatchObject({ status: 0, stdout: expected.stdout });
    }
    const kept = emix("predict", "gaps.json", "gaps.tiles", "--keep", "b").stdout.split("\n");
    expect(kept.slice(0, 3).map((line) => line.split(",").slice(0, 2))).toEqual([
      ["row", "b"],
      ["1", "2"],
      ["2", ""],
    ]);
    for (const [source, saved] of [
      [faithful, "all.tiles"],
      ["gaps.csv", "gaps.tiles"],
    ]) {
      const read = source === "gaps.csv" ? [...weights, "--missing", "drop"] : [];
      const expected = emix("plan", source, ...read, "-k", "2", "--json");
      expect(emix("plan", saved, "-k", "2", "--json")).toMatchObject({ status: 0, stdout: expected.stdout });
    }
  });

  test("refuses another ending before anything is read, and what saved points do not have", () => {
    expect(emix("load", "nowhere.csv", "-o", "points.csv")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("ends in .tiles"),
    });
    emix("load", faithful, "-o", "points.tiles");
    emix("fit", "points.tiles", "-k", "2", "-o", "model.json");
    const marginal = emix("predict", "model.json", "points.tiles", "--missing", "marginal");
    expect(marginal.status).toBe(2);
    expect(marginal.stderr).toContain("Expected --missing when the points of points.tiles are saved");
    const other = emix("predict", "model.json", "points.tiles", "--keep", "wating");
    expect(other.stderr).toContain('Did you mean "waiting"? [UNKNOWN_COLUMN]');
    const labels = emix("fit", "points.tiles", "-k", "2", "--label-column", "waiting");
    expect(labels.stderr).toContain("fit the file that they were read from. [INVALID_OPTION]");
    expect(emix("fit", "points.tiles", "-k", "2", "--missing", "drop").stderr).toContain("--missing");
    rmSync(join(folder, "points.tiles"));
    expect(emix("fit", "points.tiles", "-k", "2").stderr).toContain("[FILE_NOT_FOUND]");
  });
});
