import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coordinates, nodesLength, type Tiles, tileCount } from "@emix/core";
import { afterAll, describe, expect, test } from "vitest";
import { createEngine, type Engine } from "../../packages/workers/src/engine/engine.ts";
import type { EngineFitOptions, LoadOptions } from "../../packages/workers/src/engine/methods/options.ts";
import type { LoadedPoints } from "../../packages/workers/src/loaded-points.ts";
import type { FileReader } from "../../packages/workers/src/storage/file-reader.ts";
import { expectRejection } from "../support/failures.ts";
import { clusters } from "../support/points.ts";

const storageFolder = mkdtempSync(join(tmpdir(), "emix-storage-"));
const engine = await createEngine({ threads: 2, storageFolder });
afterAll(async () => {
  await engine.close();
  rmSync(storageFolder, { recursive: true });
});

const points = clusters(30_000, 5, 6, "storage");
const weights = Float64Array.from({ length: 30_000 }, (_, i) => (i * 7) % 4);
const gaps = { ...points, data: Float64Array.from(points.data, (value, at) => (at % 997 === 3 ? Number.NaN : value)) };

/** The same points in memory and in a file. */
async function both(given: typeof points, options: LoadOptions = {}): Promise<[LoadedPoints, LoadedPoints]> {
  const kept = await engine.load(given, options);
  const stored = await engine.load(given, { ...options, storage: "file" });
  expect([kept.storage, stored.storage]).toEqual(["memory", "file"]);
  return [kept, stored];
}

const numbers = (tiles: Tiles) => Float64Array.from(coordinates(tiles, 0, tileCount(tiles)));

/** Is the file open in which these points lie? */
function isOpen(descriptor: number): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(storageFolder);
  } catch {
    return false;
  }
}

const descriptorOf = ({ tiles }: LoadedPoints) => (tiles.data as FileReader).place.descriptor;

describe("points in a file", () => {
  test.each<[string, LoadOptions, Partial<EngineFitOptions>]>([
    ["full", {}, {}],
    ["tied, with weights", { pointWeights: weights }, { covarianceType: "tied" }],
    ["diag, by k-means++", {}, { covarianceType: "diag", initialization: "k-means++", restarts: 2 }],
    ["spherical, at random", {}, { covarianceType: "spherical", initialization: "random" }],
    ["many components", {}, { components: 300, covarianceType: "diag", maxIterations: 3 }],
    ["without acceleration", { pointWeights: weights }, { acceleration: "none", schedule: "full" }],
    ["three starts", {}, { restarts: 3, maxIterations: 3 }],
  ])("are fitted to the same bits: %s", async (_, load, fit) => {
    const [kept, stored] = await both(points, load);
    const options = { components: 6, maxIterations: 12, seed: 2, ...fit };
    const expected = await engine.fit(kept, options);
    const found = await engine.fit(stored, options);
    expect(JSON.stringify(found)).toBe(JSON.stringify(expected));
  });

  test("answer every question with the same bits, in the caller's order", async () => {
    const [kept, stored] = await both(gaps, { missing: "drop" });
    const { mixture } = await engine.fit(kept, { components: 4, maxIterations: 3 });
    const clusterOf = Int32Array.of(0, 0, 1, 1);
    const ask: ((given: LoadedPoints) => Promise<unknown>)[] = [
      (given) => engine.predict(given, { mixture }),
      (given) => engine.predictProba(given, { mixture }),
      (given) => engine.predictProba(given, { mixture, top: 2 }),
      (given) => engine.score(given, { mixture }),
      (given) => engine.icl(given, { mixture }),
      (given) => engine.predictClusters(given, { mixture, clusterOf }),
      (given) => engine.standardErrors(given, { mixture }),
      (given) => engine.bootstrap(given, { mixture, resamples: 2 }),
      (given) => engine.initialize(given, { components: 3 }),
      async (given) => (await engine.load(given, { pointWeights: weights })).tiles.pointWeights,
    ];
    for (const question of ask) expect(await question(stored)).toEqual(await question(kept));
  });

  test("lie in the same units where squares would leave the range of doubles", async () => {
    const far = { features: 5, data: points.data.map((value, at) => (at % 5 === 1 ? value * 2 ** 450 : value)) };
    const [kept, stored] = await both(far, { pointWeights: weights });
    expect(stored.tiles.exponents).toEqual(kept.tiles.exponents);
    expect(kept.tiles.exponents).not.toBeNull();
    expect(stored.tiles.order).toEqual(kept.tiles.order);
    expect(numbers(stored.tiles)).toEqual(numbers(kept.tiles));
  });

  test("come in pieces, and go on in a file where memory does not suffice", async () => {
    await using small = await createEngine({ threads: 2, storageFolder, memoryLimit: 30_000 * 5 * 8 + 1000 });
    const pieces = async function* () {
      for (let at = 0; at < points.data.length; at += 9_999) yield points.data.subarray(at, at + 9_999);
    };
    const expected = await engine.load(points);
    for (const [on, storage] of [
      [engine, "file"],
      [engine, "auto"],
      [small, "auto"],
    ] as const) {
      const loaded = await on.load(pieces(), { features: 5, storage });
      expect(loaded.storage).toBe(on === engine && storage === "auto" ? "memory" : "file");
      expect(loaded.tiles.order).toEqual(expected.tiles.order);
      expect(numbers(loaded.tiles)).toEqual(numbers(expected.tiles));
    }
    await using tight = await createEngine({ threads: 1, storageFolder, memoryLimit: 2 ** 16 });
    await expectRejection(tight.load(pieces(), { features: 5 }), "ALLOCATION_FAILED");
    const receiver = engine.receive({ features: 5, storage: "file" });
    receiver.write(gaps.data);
    const pointWeights = weights;
    const received = await receiver.end({ missing: "drop", pointWeights });
    const [given] = await both(gaps, { missing: "drop", pointWeights });
    expect(numbers(received.tiles)).toEqual(numbers(given.tiles));
    expect(received.tiles.dropped).toEqual(given.tiles.dropped);
    expect(() => engine.receive({ features: 1, storage: "disk" as never })).toThrow("storage");
    expect(readdirSync(storageFolder)).toEqual([]);
  });

  test("lie as in memory, section by section", async () => {
    const many = clusters(2 ** 20 + 70_001, 2, 3, "sections");
    const pointWeights = Float64Array.from({ length: many.data.length / 2 }, (_, i) => 1 + (i % 3));
    const [kept, stored] = await both(many, { pointWeights });
    expect(stored.tiles.order).toEqual(kept.tiles.order);
    expect(stored.tiles.pointWeights).toEqual(kept.tiles.pointWeights);
    expect(numbers(stored.tiles)).toEqual(numbers(kept.tiles));
    // In memory, nodes are kept as well.
    expect(kept.bytes - stored.bytes).toBe(kept.tiles.data.byteLength + 8 * nodesLength(kept.tiles));
  });

  test("are asked for by a fit, and wherever memory does not suffice", async () => {
    await using small = await createEngine({ threads: 2, storageFolder, memoryLimit: 2 ** 20 });
    const options = { components: 3, maxIterations: 2 };
    const expected = JSON.stringify(await engine.fit(points, options));
    const full = 'storage: "file"';
    expect((await expectRejection(small.load(points), "ALLOCATION_FAILED")).message).toContain(full);
    expect((await small.load(points, { storage: "auto" })).storage).toBe("file");
    expect((await engine.load(points, { storage: "auto" })).storage).toBe("memory");
    expect(JSON.stringify(await small.fit(points, { ...options, storage: "auto" }))).toBe(expected);
    expect(JSON.stringify(await engine.fit(points, { ...options, storage: "file" }))).toBe(expected);
    await expectRejection(engine.load(points, { storage: "disk" as never }), "INVALID_OPTION");
  });

  test("a checkpoint knows them by their bits", async () => {
    const [kept, stored] = await both(points);
    const path = join(storageFolder, "fit.checkpoint");
    const options = { components: 6, seed: 5, tolerance: 0, maxIterations: 6 };
    const expected = await engine.fit(kept, options);
    let steps = 0;
    const onStep = () => (++steps === 3 ? "stop" : undefined);
    await engine.fit(kept, { ...options, checkpoint: { path, every: 1 }, onStep });
    const resumed = await engine.resume(path, stored);
    expect(JSON.stringify(resumed)).toBe(JSON.stringify(expected));
    rmSync(path);
  });

  test("have a file without a name, which is closed with the last that holds it", async () => {
    const [, stored] = await both(points);
    const weighed = await engine.load(stored, { pointWeights: weights });
    expect(readdirSync(storageFolder)).toEqual([]);
    const descriptor = descriptorOf(stored);
    const started = Promise.withResolvers<void>();
    const fit = engine.fit(stored, { components: 5, tolerance: 0, maxIterations: 30, onStep: () => started.resolve() });
    await started.promise;
    stored.dispose();
    await expectRejection(engine.fit(stored, { components: 2 }), "POINTS_DISPOSED");
    weighed.dispose();
    expect(isOpen(descriptor)).toBe(true);
    expect((await fit).iterations).toBe(30);
    await expect.poll(() => isOpen(descriptor)).toBe(false);
  });

  test("that cannot be written are refused, and nothing remains", async () => {
    const missing = join(storageFolder, "nowhere");
    await using lost: Engine = await createEngine({ threads: 1, storageFolder: missing });
    await expectRejection(lost.load(points, { storage: "file" }), "STORAGE_FAILED", /ENOENT/);
    const refused = { data: Float64Array.of(1, Number.NaN), features: 1 };
    await expectRejection(engine.load(refused, { storage: "file" }), "NON_FINITE_POINT");
    await expectRejection(createEngine({ storageFolder: "" }), "INVALID_OPTION");
    expect(readdirSync(storageFolder)).toEqual([]);
  });
});
