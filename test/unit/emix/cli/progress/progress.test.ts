import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { GaussianMixture } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { commandIn, ROOT } from "../../../../support/command.ts";
import { inTerminal, screenOf } from "../../../../support/terminal.ts";

// The real command, in pseudo-terminals and pipes.

const { emix, file, folder, remove } = commandIn("progress");
afterAll(remove);

const cli = join(ROOT, "packages/emix/src/cli.ts");
const mixture = GaussianMixture.fromParameters({
  weights: [0.3, 0.3, 0.4],
  means: [0, 0, 4, 4, 8, 0],
  covariances: [1, 1, 1],
  covarianceType: "spherical",
});
const { points } = mixture.sample(20_000, { seed: 1 });
const rows = Array.from({ length: points.length / 2 }, (_, i) => `${points[2 * i]},${points[2 * i + 1]}`);
const data = file("a-file-with-a-rather-long-name-as-they-come-out-of-databases.csv", `x,y\n${rows.join("\n")}\n`);
const many = ["-k", "12", "--restarts", "4", "--max-iterations", "30", "--tolerance", "0", "-t", "2"];

const hasScript = spawnSync("script", ["--version"]).status === 0;

describe.runIf(hasScript)("in a terminal", () => {
  test.each([80, 40, 200])("of %i columns there is never more than one line of progress", (columns) => {
    const written = inTerminal([process.execPath, cli, "fit", data, ...many, "-o", "bar.json"], {
      cwd: folder,
      columns,
    });
    const frames = written.split("\x1b[K");
    expect(frames.length).toBeGreaterThan(3);
    expect(written).toContain("iteration ");
    const table = screenOf(written, columns);
    const first = table.findIndex((line) => line.startsWith("Components are"));
    // All that stood there before the table was drawn over, to the last letter.
    expect(table.slice(0, first).filter((line) => /iteration|█|drawing|scoring/.test(line))).toEqual([]);
    for (const frame of frames.slice(1, -1)) {
      const [line] = frame.replace(/^\r/, "").split("\r");
      expect([...line].length).toBeLessThan(columns);
    }
  });

  test("starts are told apart, and what is left is an upper bound", () => {
    const written = inTerminal([process.execPath, cli, "fit", data, ...many], { cwd: folder, columns: 120 });
    expect(written).toMatch(/start [1-4]\/4, iteration \d+\/30, log-lik -\d\.\d+, ≤ \d+ s/);
  });

  test("NO_COLOR or not, there is no colour", () => {
    const written = inTerminal([process.execPath, cli, "fit", data, "-k", "2"], { cwd: folder, columns: 80 });
    expect(
      written
        .split("\u001b[")
        .slice(1)
        .filter((sequence) => !sequence.startsWith("K")),
    ).toEqual([]);
  });
});

describe("in a pipe", () => {
  test("a line for each stage, not for each step", () => {
    const { stderr } = emix("fit", data, ...many);
    const lines = stderr.trimEnd().split("\n");
    expect(lines.filter((line) => /^(reading|drawing|fitting|scoring)/.test(line))).toEqual([
      `reading ${data}`,
      "drawing 4 starts of 12 components",
      "fitting, 30 iterations at most",
      "scoring",
    ]);
  });

  test("JSON for programs, a line at most every tenth of a second", () => {
    const { stderr } = emix("fit", data, ...many, "--progress", "json");
    const events = stderr
      .trimEnd()
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
    expect(events.flatMap(({ stage, iteration, fraction }) => (iteration || fraction ? [] : stage))).toEqual([
      "reading",
      "starts",
      "fit",
      "scoring",
    ]);
    const steps = events.filter(({ iteration }) => iteration);
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.length).toBeLessThan(80);
    expect(steps[0]).toMatchObject({ stage: "fit", restarts: 4, iterations: 30, lowerBound: expect.any(Number) });
  });

  test("parts of many points are told of before all of them", () => {
    const wide = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [0, 0, 1, 1],
      covariances: [1, 2],
      covarianceType: "spherical",
    });
    const { points: drawn } = wide.sample(200_000, { seed: 2 });
    const lines = Array.from({ length: drawn.length / 2 }, (_, i) => `${drawn[2 * i]},${drawn[2 * i + 1]}`);
    const path = file("many.csv", `x,y\n${lines.join("\n")}\n`);
    const { stderr } = emix("fit", path, "-k", "8", "--max-iterations", "200", "--progress", "json");
    const events = stderr.split("\n").flatMap((line) => (line.startsWith("{") ? JSON.parse(line) : []));
    const parts = events.filter(({ part }) => part !== undefined);
    expect(parts.length).toBeGreaterThan(0);
    for (const { stage, part } of parts) expect([stage, part < 200_000]).toEqual(["starts", true]);
    expect(events.at(-2)).toMatchObject({ stage: "fit" });
  });

  test.each([[["--progress", "none"]], [["-q"]]])("%j says nothing of progress", (flags) => {
    expect(emix("fit", data, "-k", "2", ...flags).stderr).not.toMatch(/reading|drawing|fitting|scoring/);
  });

  test("an unknown style is wrong usage", () => {
    expect(emix("fit", data, "-k", "2", "--progress", "dots")).toMatchObject({ status: 2 });
  });

  test("a reader of the progress that leaves never costs the model", async () => {
    const child = spawn(process.execPath, [cli, "fit", data, ...many, "--progress", "json", "-o", "left.json"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr.once("data", () => child.stderr.destroy());
    const [status] = await once(child, "exit");
    expect(status).toBe(0);
    expect(existsSync(join(folder, "left.json"))).toBe(true);
  });
});
