import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmixError } from "@emix/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decode, encode } from "../../packages/workers/src/checkpoint/encoding.ts";
import { createEngine } from "../../packages/workers/src/engine/engine.ts";
import type { EngineFitOptions } from "../../packages/workers/src/engine/methods/options.ts";
import { clusters } from "../support/points.ts";

const points = clusters(3000, 3, 5, "checkpoint");
const pointWeights = Float64Array.from({ length: 3000 }, (_, i) => 0.5 + (i % 3));
const options = { components: 5, tolerance: 0, maxIterations: 30, seed: 2, initialization: "random" } as const;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "emix-"));
  path = join(folder, "fit.checkpoint");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a fit that goes on from its file after any step", () => {
  test.each<[string, EngineFitOptions]>([
    ["full", { ...options }],
    ["tied", { ...options, covarianceType: "tied" }],
    ["diag, a race, weighted", { ...options, covarianceType: "diag", restarts: 3, pointWeights }],
    ["spherical, refined", { ...options, covarianceType: "spherical", tolerance: 1e-5, refine: true }],
  ])("%s: has the same bits", async (_, asked) => {
    await using engine = await createEngine({ threads: 2, offThread: false });
    const unbroken = JSON.stringify(await engine.fit(points, asked));
    const weights = asked.pointWeights && { pointWeights: asked.pointWeights };
    for (let at = 1; ; at += 4) {
      let steps = 0;
      const onStep = () => {
        if (++steps === at) run.stop();
      };
      const run = engine.fit(points, { ...asked, onStep, checkpoint: { path, every: 1 } });
      const code = await run.then(
        () => "done",
        (error: unknown) => (error as EmixError).code,
      );
      if (code === "done") break;
      expect(code).toBe("ABORTED");
      expect(JSON.stringify(await engine.resume(path, points, { ...weights }))).toBe(unbroken);
    }
  });

  test("goes on writing, in a thread of its own", async () => {
    await using engine = await createEngine({ threads: 2 });
    const long = { ...options, maxIterations: 5000 };
    const run = engine.fit(points, { ...long, onStep: () => run.stop(), checkpoint: { path, every: 2 } });
    await expect(run).rejects.toMatchObject({ code: "ABORTED" });
    const early = readFileSync(path);
    const again = engine.resume(path, points, { timeBudget: 500 });
    expect((await again).warnings).toContainEqual(expect.objectContaining({ code: "TIME_BUDGET" }));
    expect(readFileSync(path).equals(early)).toBe(false);
    expect(readdirSync(folder)).toEqual(["fit.checkpoint"]);
  });
});

describe("a checkpoint", () => {
  test("of other points, weights or engine options is refused by their names", async () => {
    await using engine = await createEngine({ threads: 1, offThread: false, kernel: "reference" });
    await using strict = await createEngine({ threads: 1, offThread: false, kernel: "simd", strict: true });
    await engine.fit(points, { ...options, checkpoint: { path } });
    const other = { data: points.data.slice(), features: 3 };
    other.data[7] += 1e-9;
    const mismatch = (different: readonly string[]) => ({ code: "CHECKPOINT_MISMATCH", details: { path, different } });
    await expect(engine.resume(path, other)).rejects.toMatchObject(mismatch(["points"]));
    await expect(strict.resume(path, points)).rejects.toMatchObject(mismatch(["kernel", "strict"]));
    const weighted = engine.resume(path, points, { pointWeights });
    await expect(weighted).rejects.toMatchObject(mismatch(["weighted", "points"]));
  });

  test("that is missing, damaged or no checkpoint is refused", async () => {
    await using engine = await createEngine({ threads: 1, offThread: false });
    for (const content of [undefined, "", "{}", "EMIXCKPT".padEnd(100)]) {
      if (content !== undefined) writeFileSync(path, content);
      await expect(engine.resume(path, points)).rejects.toMatchObject({ code: "BAD_CHECKPOINT", details: { path } });
    }
  });

  test("that cannot be written ends the fit", async () => {
    await using engine = await createEngine({ threads: 1, offThread: false });
    const nowhere = join(folder, "none", "fit.checkpoint");
    const details = { path: nowhere };
    const run = engine.fit(points, { ...options, checkpoint: { path: nowhere, every: 1 } });
    await expect(run).rejects.toMatchObject({ code: "CHECKPOINT_FAILED", details });
    const wrong = engine.fit(points, { ...options, checkpoint: { path, every: 0 } });
    await expect(wrong).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });
});

/** Values that no fit leaves, in the place of those at a path of names. */
const FORGED: readonly (readonly [string, unknown])[] = [
  ["options", []],
  ["options.components", 2 ** 53],
  ["options.covarianceType", null],
  ["options.prior", "full"],
  ["every", ""],
  ["state.restarts", [null]],
  ["state.restarts.0.state.mixture", null],
  ["state.restarts.0.state.mixture.features", 2 ** 53],
  ["state.restarts.0.state.mixture.means", new Float64Array(3)],
  ["state.restarts.0.warnings", 0],
  ["state.following", ""],
];

test("a file with a right checksum that holds what no fit has left is refused", async () => {
  await using engine = await createEngine({ threads: 1, offThread: false });
  await engine.fit(points, { ...options, maxIterations: 9, checkpoint: { path, every: 5 } });
  const bytes = readFileSync(path);
  for (const [place, value] of FORGED) {
    const forged = decode(bytes, path) as Record<string, unknown>;
    const names = place.split(".");
    const last = names.pop() as string;
    const owner = names.reduce((one, name) => one[name] as Record<string, unknown>, forged);
    owner[last] = value;
    writeFileSync(path, encode(forged));
    await expect(engine.resume(path, points), place).rejects.toMatchObject({ code: "BAD_CHECKPOINT" });
  }
});
