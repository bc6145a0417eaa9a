import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tileSizeFor } from "../../packages/core/src/points/tiles.ts";
import { createEngine, type Engine } from "../../packages/workers/src/engine/engine.ts";
import { clusters } from "../support/points.ts";

// Fits that share an engine: what becomes of one is nothing to the others.

const workerUrl = new URL("../support/faulty-worker.ts", import.meta.url);
const FITS = 16;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "emix-"));
});
afterEach(() => {
  delete process.env.EMIX_FAULT;
  rmSync(folder, { recursive: true });
});

const pointsOf = (fit: number) => clusters(4000 + 1000 * fit, 3 + (fit % 4), 12, `fit ${fit}`);
const optionsOf = (fit: number) => ({
  components: 12,
  maxIterations: 4,
  tolerance: 0,
  seed: fit,
  covarianceType: fit % 2 === 0 ? ("full" as const) : ("diag" as const),
});

const isAborted = (fit: number) => fit % 5 === 1;

/** Fits all at once; some are aborted after a step. out: results, or codes */
async function together(engine: Engine): Promise<string[]> {
  const fits = Array.from({ length: FITS }, async (_, fit) => {
    const controller = new AbortController();
    const onStep = () => (isAborted(fit) ? controller.abort() : undefined);
    const run = engine.fit(pointsOf(fit), { ...optionsOf(fit), signal: controller.signal, onStep });
    return Promise.resolve(run).then(JSON.stringify, ({ code }) => code as string);
  });
  return Promise.all(fits);
}

let known: string[] | undefined;

async function alone(): Promise<string[]> {
  if (known !== undefined) return known;
  await using engine = await createEngine({ threads: 2 });
  const results: string[] = [];
  for (let fit = 0; fit < FITS; fit++) {
    results.push(isAborted(fit) ? "ABORTED" : JSON.stringify(await engine.fit(pointsOf(fit), optionsOf(fit))));
  }
  known = results;
  return results;
}

test.each([
  ["exit:2", true],
  ["throw:3", false],
  ["hang-wait:2", true],
])(
  "16 fits at once, some of them aborted, have the bits of one alone, though a worker fails by %s, offThread: %s",
  {
    timeout: 180_000,
  },
  async (fault, offThread) => {
    process.env.EMIX_FAULT = `${fault}:${join(folder, "failed")}`;
    await using engine = await createEngine({ threads: 2, offThread, workerUrl, stepTimeout: 3000 });
    const found = await together(engine);
    expect(existsSync(join(folder, "failed"))).toBe(true);
    delete process.env.EMIX_FAULT;
    expect(found).toEqual(await alone());
  },
);

test("a small fit ends while large work of any kind goes on beside it", { timeout: 180_000 }, async () => {
  await using engine = await createEngine({ threads: 2 });
  const large = await engine.load(clusters(60_000, 6, 20, "large"));
  const { mixture } = await engine.fit(large, { components: 20, maxIterations: 2 });
  const small = clusters(150, 4, 3, "small");
  const fitting = { components: 3, seed: 1 };
  const expected = JSON.stringify(await engine.fit(small, fitting));
  const wide = { data: clusters(600, 400, 3, "wide").data, features: 400 };
  const works: readonly ((signal: AbortSignal) => PromiseLike<unknown>)[] = [
    (signal) => engine.fit(large, { components: 4000, covarianceType: "diag", tolerance: 0, signal }),
    (signal) => engine.fit(wide, { components: 3, tolerance: 0, maxIterations: 10_000, signal }),
    (signal) => engine.fit(large, { components: 20, restarts: 200, tolerance: 0, signal }),
    (signal) => engine.bootstrap(large, { mixture, resamples: 1000, signal }),
    (signal) => engine.standardErrors(large, { mixture, signal }),
    (signal) => engine.mergeByEntropy(large, { mixture, signal }),
  ];
  for (const work of works) {
    const controller = new AbortController();
    let ended = false;
    const under = Promise.resolve(work(controller.signal)).then(
      () => "done",
      ({ code }) => {
        ended = true;
        return code as string;
      },
    );
    for (let i = 0; i < 3; i++) expect(JSON.stringify(await engine.fit(small, fitting))).toBe(expected);
    expect(ended).toBe(false);
    controller.abort();
    expect(["ABORTED", "done"]).toContain(await under);
  }
});

test("memory that other points and weights lay in changes no bit", async () => {
  const points = pointsOf(1);
  const { features } = points;
  const count = points.data.length / features;
  // They take as many bytes, and leave numbers where the last tile is padded.
  const all = Math.ceil(count / tileSizeFor(features)) * tileSizeFor(features);
  const others = { data: Float64Array.from({ length: all * features }, (_, i) => 1e6 - (i % 997)), features };
  const options = { ...optionsOf(1), pointWeights: Float64Array.from({ length: count }, (_, i) => 1 + (i % 3)) };
  await using fresh = await createEngine({ threads: 2, offThread: false });
  await using used = await createEngine({ threads: 2, offThread: false });
  await used.fit(others, { ...options, pointWeights: new Float64Array(all).fill(9) });
  expect(all).toBeGreaterThan(count);
  expect(await used.fit(points, options)).toEqual(await fresh.fit(points, options));
});
