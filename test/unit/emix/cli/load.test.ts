import { rmSync } from "node:fs";
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

  test("refuses another ending before anything is read, and rows where only points are", () => {
    expect(emix("load", "nowhere.csv", "-o", "points.csv")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("ends in .tiles"),
    });
    emix("load", faithful, "-o", "points.tiles");
    emix("fit", "points.tiles", "-k", "2", "-o", "model.json");
    const predicted = emix("predict", "model.json", "points.tiles");
    expect(predicted.status).toBe(2);
    expect(predicted.stderr).toContain("name the file that they come from. [UNKNOWN_FORMAT]");
    expect(emix("fit", "points.tiles", "-k", "2", "--missing", "drop").stderr).toContain("--missing");
    rmSync(join(folder, "points.tiles"));
    expect(emix("fit", "points.tiles", "-k", "2").stderr).toContain("[FILE_NOT_FOUND]");
  });
});
