import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { createEngine, LoadedFile, type LoadOptions, type PointsLike } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { expectRejection } from "../support/failures.ts";
import { clusters } from "../support/points.ts";

const folder = mkdtempSync(join(tmpdir(), "emix-saved-"));
const engine = await createEngine({ threads: 2 });
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

const points = clusters(30_000, 5, 6, "saved");
const single = { data: Float32Array.from(points.data), features: 5 };
const gaps = { ...points, data: Float64Array.from(points.data, (value, at) => (at % 997 === 3 ? Number.NaN : value)) };
const far = {
  ...points,
  data: Float64Array.from(points.data, (value, at) => (at % 5 === 1 ? value * 2 ** 450 : value)),
};
const weights = Float64Array.from({ length: 30_000 }, (_, i) => (i * 7) % 4);
const faithful = "data/faithful.csv";
const pathOf = (name: string) => join(folder, `${name}.tiles`);

describe("saved points", () => {
  test.each<[string, PointsLike, LoadOptions, object]>([
    ["f64", points, {}, {}],
    ["f32", single, {}, { covarianceType: "tied" }],
    ["with weights", points, { pointWeights: weights }, { covarianceType: "diag" }],
    ["without rows that lack a number", gaps, { missing: "drop" }, { covarianceType: "spherical", restarts: 2 }],
    ["stored in other units", far, {}, {}],
  ])("are fitted to the same bits, in their file or in memory: %s", async (name, given, load, fit) => {
    const loaded = await engine.load(given, load);
    const path = pathOf(name);
    await engine.save(loaded, { path });
    const options = { components: 6, maxIterations: 12, seed: 2, ...fit };
    const expected = await engine.fit(loaded, options);
    const labels = await engine.predict(loaded, { mixture: expected.mixture });
    for (const storage of ["file", "memory", "auto"] as const) {
      using saved = await engine.loadFile(path, { storage });
      expect(saved.storage).toBe(storage === "file" ? "file" : "memory");
      expect([saved.rows, saved.dropped]).toEqual([loaded.rows, loaded.dropped]);
      expect(JSON.stringify(await engine.fit(saved, options))).toBe(JSON.stringify(expected));
      expect(await engine.predict(saved, { mixture: expected.mixture })).toEqual(labels);
    }
  });

  test("keep what was read, and serve several engines", async () => {
    const path = pathOf("faithful");
    const loaded = await engine.loadFile(faithful);
    await engine.save(loaded, { path });
    await using other = await createEngine({ threads: 1 });
    const [a, b] = [await engine.loadFile(path), await other.loadFile(path, { columns: ["eruptions", "waiting"] })];
    expect([a.storage, a.columns]).toEqual(["file", ["eruptions", "waiting"]]);
    expect(a.reading).toEqual({ ...loaded.reading, paths: [path] });
    const options = { components: 2 };
    const [first, second] = await Promise.all([engine.fit(a, options), other.fit(b, options)]);
    expect(JSON.stringify(first)).toBe(JSON.stringify(second));
    await engine.save(a, { path: pathOf("again") });
    expect((await engine.loadFile(pathOf("again"))).reading.paths).toEqual([pathOf("again")]);
    expect(a).toBeInstanceOf(LoadedFile);
  });

  test("from an array have the columns of an array", async () => {
    await engine.save(
      [
        [1, 2],
        [3, 4],
      ],
      { path: pathOf("rows") },
    );
    const { columns, reading, count } = await engine.loadFile(pathOf("rows"));
    expect({ columns, count, format: reading.format }).toEqual({ columns: ["x0", "x1"], count: 2, format: "tiles" });
  });

  test("take the place of what was there only when they are whole", async () => {
    const path = pathOf("kept");
    await engine.save([[1], [2]], { path });
    const before = readFileSync(path);
    const signal = AbortSignal.abort();
    const loaded = await engine.load(points);
    await expectRejection(engine.save(loaded, { path, signal }), "ABORTED");
    expect(readFileSync(path)).toEqual(before);
    await expectRejection(engine.save(loaded, { path: join(folder, "nowhere/a.tiles") }), "STORAGE_FAILED", /ENOENT/);
    await expectRejection(engine.save(loaded, { path: join(folder, "a.csv") }), "INVALID_OPTION");
    await expectRejection(engine.save(loaded, { path, storage: "file" } as never), "UNKNOWN_OPTION");
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("take no options that belong to their source", async () => {
    const path = pathOf("options");
    await engine.save(await engine.loadFile(faithful), { path });
    await expectRejection(engine.loadFile(path, { columns: ["waiting"] }), "UNKNOWN_COLUMN", /eruptions, waiting/);
    await expectRejection(engine.loadFile(path, { missing: "drop" }), "INVALID_OPTION", /leave it out/);
    await expectRejection(engine.loadFile(path, { storage: "disk" as never }), "INVALID_OPTION");
    await expectRejection(engine.loadFile(path, { signal: AbortSignal.abort() }), "ABORTED");
    await expectRejection(engine.loadFile(pathOf("missing")), "FILE_NOT_FOUND");
  });

  test("report how far they are checked", async () => {
    const path = pathOf("checked");
    await engine.save(points, { path });
    const run = engine.loadFile(path);
    const fractions: number[] = [];
    for await (const { fraction } of run) fractions.push(fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBeLessThanOrEqual(1);
    expect((await run).count).toBe(30_000);
  });
});

describe("a file of saved points that is none is refused", () => {
  const path = pathOf("small");
  const rows = [[1], [2], [Number.NaN], [4]];
  const save = async () => {
    const loaded = await engine.load(rows, { missing: "drop", pointWeights: [1, 2, 1, 3] });
    await engine.save(loaded, { path });
    return readFileSync(path);
  };
  const refused = (what: string | RegExp) => expectRejection(engine.loadFile(path), "BAD_FILE", what);

  test("wherever a bit is wrong", { timeout: 120_000 }, async () => {
    const bytes = await save();
    for (let at = 0; at < bytes.length; at++) {
      const wrong = Uint8Array.from(bytes);
      wrong[at] ^= 1 << (at % 8);
      writeFileSync(path, wrong);
      await refused(/./);
    }
    writeFileSync(path, bytes);
    expect((await engine.loadFile(path)).count).toBe(3);
  });

  test("wherever it is cut off", { timeout: 120_000 }, async () => {
    const bytes = await save();
    for (let length = bytes.length - 1; length >= 0; length--) {
      truncateSync(path, length);
      await refused(/cut off|should have|does not begin/);
    }
    writeFileSync(path, Buffer.concat([bytes, Buffer.from([0])]));
    await refused(/should have/);
  });

  test("by another version, and by numbers that no points have", async () => {
    const bytes = await save();
    const changed = (change: (copy: Buffer) => void) => {
      const copy = Buffer.from(bytes);
      change(copy);
      copy.writeUInt32LE(crc32(copy.subarray(0, -4)), copy.length - 4);
      writeFileSync(path, copy);
    };
    changed((copy) => copy.writeUInt32LE(2, 8));
    await refused(/it has version 2, and this emix reads 1/);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
      changed((copy) => copy.writeDoubleLE(value, 4096));
      await refused(/damaged/);
    }
    const weightsAt = 4096 + 64 * 8;
    for (const value of [Number.NaN, -1]) {
      changed((copy) => copy.writeDoubleLE(value, weightsAt));
      await refused(/damaged/);
    }
    changed((copy) => copy.writeUInt32LE(9, weightsAt + 64 * 8));
    await refused(/damaged/);
    changed((copy) => copy.write(copy.toString("latin1").replace('"count":3,', '"count":99,'), "latin1"));
    await refused(/./);
    changed((copy) => copy.write(copy.toString("latin1").replace('"tileSize":64', '"tileSize":16'), "latin1"));
    await refused(/damaged/);
  });
});
