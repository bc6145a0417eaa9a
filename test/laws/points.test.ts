import { coordinates, openPoints, type PointsLike, type Tiles, tileCount } from "@emix/core";
import { createEngine, type FitResult, GaussianMixture, LoadedFile, type LoadedPoints } from "emix";
import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { afterAll, describe, expect, test } from "vitest";
import { tilesFrom } from "../../packages/core/src/points/tiling.ts";
import { expectRejection } from "../support/failures.ts";
import { npyBytes, temporaryFolder } from "../support/io-files.ts";

const engine = await createEngine({ offThread: false, threads: 1 });
afterAll(() => engine.close());
const folder = temporaryFolder();
let files = 0;

/** n × d numbers with gaps; null stands for a missing one. */
const cell = fc.option(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { freq: 60 });
const tables = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 2, max: 150 }))
  .chain(([features, rows]) => {
    const row = fc.array(cell, { minLength: features, maxLength: features });
    return fc.array(row, { minLength: rows, maxLength: rows });
  })
  .filter((table) => table.some((row) => !row.includes(null)));

type Table = readonly (readonly (number | null)[])[];

const filled = (table: Table) => table.map((row) => row.map((x) => x ?? Number.NaN));
const complete = (table: Table) => table.filter((row) => !row.includes(null)) as number[][];

const saveNpy = (table: Table, columnMajor: boolean) => {
  const rows = filled(table);
  const values = columnMajor ? rows[0].flatMap((_, column) => rows.map((row) => row[column])) : rows.flat();
  const data = new Uint8Array(Float64Array.from(values).buffer);
  const shape = `(${rows.length}, ${rows[0].length})`;
  return folder.write(`${files++}.npy`, npyBytes({ descr: "<f8", shape, data, columnMajor }));
};

/** A cell of a CSV: String(−0) is "0". */
const text = (x: number | string | null) => (Object.is(x, -0) ? "-0" : (x ?? ""));

const saveCsv = (table: Table) => {
  const lines = [table[0].map((_, column) => `f${column}`), ...table].map((row) => row.map(text).join(","));
  return folder.write(`${files++}.csv`, `${lines.join("\n")}\n`);
};

/** The same numbers as a matrix that knows no null. */
const matrixOf = (table: Table): PointsLike => new Matrix(filled(table));

describe("points of any source", () => {
  test("the same numbers give the same tiles, bit for bit", async () => {
    const law = fc.asyncProperty(tables, async (table) => {
      const features = table[0].length;
      const given: PointsLike[] = [
        table as PointsLike,
        filled(table),
        { data: Float64Array.from(filled(table).flat()), features },
        { data: table.flat(), features },
        matrixOf(table),
      ];
      const expected = tilesFrom(openPoints(given[0]), { missing: "drop" });
      for (const points of given) {
        expect(tilesFrom(openPoints(points), { missing: "drop" })).toEqual(expected);
        expect(plain((await engine.load(points, { missing: "drop" })).tiles)).toEqual(plain(expected));
      }
      for (const path of [await saveNpy(table, false), await saveNpy(table, true)]) {
        expect(plain((await engine.loadFile(path, { missing: "drop" })).tiles)).toEqual(plain(expected));
      }
    });
    await fc.assert(law, { numRuns: 25 });
  });

  test("a CSV as well", async () => {
    const law = fc.asyncProperty(tables, async (table) => {
      const columns = table[0].map((_, column) => `f${column}`);
      const loaded = await engine.loadFile(await saveCsv(table), { columns, missing: "drop", header: true });
      expect(plain(loaded.tiles)).toEqual(plain(tilesFrom(openPoints(table as PointsLike), { missing: "drop" })));
    });
    await fc.assert(law, { numRuns: 5 });
  });

  test("integers of any typed array are the numbers that they are", () => {
    const law = fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), (bytes) => {
      const expected = tilesFrom(openPoints({ data: Float64Array.from(bytes), features: 1 }));
      for (const data of [bytes, Uint8ClampedArray.from(bytes), Int16Array.from(bytes), [...bytes]]) {
        expect(tilesFrom(openPoints({ data, features: 1 }))).toEqual(expected);
      }
    });
    fc.assert(law);
  });
});

/** Without the kind of memory that tiles lie in. */
function plain({ data, dropped, pointWeights, ...rest }: Tiles) {
  return {
    ...rest,
    data: [...coordinates({ ...rest, data }, 0, tileCount(rest))],
    dropped: dropped && [...dropped],
    weights: pointWeights && [...pointWeights],
  };
}

const clustered: Table = Array.from({ length: 60 }, (_, i) =>
  i % 7 === 3 ? [i, null] : [10 * (i % 2) + Math.sin(i), Math.cos(3 * i)],
);
const gaps = [...clustered.keys()].filter((row) => clustered[row].includes(null));
const options = { components: 2, seed: 4, maxIterations: 20 } as const;
const bits = ({ mixture, history }: FitResult) => ({ ...mixture.toJSON(), history: [...history] });

describe('missing: "drop"', () => {
  test("fits the complete rows alone, bit for bit", async () => {
    const alone = await engine.fit(complete(clustered), options);
    const dropping = await engine.fit(clustered as PointsLike, { ...options, missing: "drop" });
    expect(bits(dropping)).toEqual(bits(alone));
    expect(alone.warnings).toEqual([]);
    expect(dropping.warnings).toEqual([
      { code: "MISSING_POINTS", points: gaps.length, firstIteration: 0, lastIteration: 0 },
    ]);
    const pointWeights = clustered.map((_, row) => 1 + (row % 3));
    const kept = pointWeights.filter((_, row) => !gaps.includes(row));
    const weighted = { ...options, pointWeights, missing: "drop" } as const;
    expect(bits(await engine.fit(clustered as PointsLike, weighted))).toEqual(
      bits(await engine.fit(complete(clustered), { ...options, pointWeights: kept })),
    );
  });

  test("results have an entry for every row: −1 and NaN where one was dropped", async () => {
    const { mixture } = await engine.fit(complete(clustered), options);
    const loaded: LoadedPoints[] = [
      await engine.load(clustered as PointsLike, { missing: "drop" }),
      await engine.loadFile(await saveCsv(clustered), { missing: "drop" }),
      await engine.loadFile(await saveNpy(clustered, false), { missing: "drop" }),
    ];
    const own = mixture.predict(complete(clustered));
    const probabilities = mixture.predictProba(complete(clustered));
    for (const points of loaded) {
      expect([points.rows, points.count, points.dropped]).toEqual([60, 60 - gaps.length, gaps.length]);
      const labels = await engine.predict(points, { mixture });
      expect([...labels.keys()].filter((row) => labels[row] === -1)).toEqual(gaps);
      expect(labels.filter((label) => label !== -1)).toEqual(own);
      const proba = await engine.predictProba(points, { mixture });
      expect(proba).toHaveLength(120);
      expect(proba.filter((_, i) => gaps.includes(Math.floor(i / 2))).every(Number.isNaN)).toBe(true);
      expect(proba.filter((_, i) => !gaps.includes(Math.floor(i / 2)))).toEqual(probabilities);
      expect((await engine.logProb(points, { mixture })).filter(Number.isFinite)).toEqual(
        mixture.logProb(complete(clustered)),
      );
      expect(await engine.score(points, { mixture })).toBe(mixture.score(complete(clustered)));
      const q = await engine.expectedLogLikelihood(points, { mixture, assignmentProbs: proba });
      const alone = { mixture, assignmentProbs: probabilities };
      expect(q).toBe(await engine.expectedLogLikelihood(complete(clustered), alone));
    }
  });

  test("from an engine in a thread of its own as well", async () => {
    await using apart = await createEngine({ threads: 2 });
    const points = await apart.load(clustered as PointsLike, { missing: "drop" });
    expect(points.tiles.dropped?.buffer).toBeInstanceOf(SharedArrayBuffer);
    const { mixture } = await apart.fit(points, options);
    expect(await apart.predict(points, { mixture })).toEqual(await engine.predict(points, { mixture }));
  });

  test("loaded points are weighted anew by one weight for each row given", async () => {
    const points = await engine.load(clustered as PointsLike, { missing: "drop" });
    const pointWeights = clustered.map((_, row) => 1 + (row % 3));
    const anew = await engine.load(points, { pointWeights });
    const once = await engine.load(clustered as PointsLike, { pointWeights, missing: "drop" });
    expect(plain(anew.tiles)).toEqual(plain(once.tiles));
    expect(anew.tiles.data).toBe(points.tiles.data);
    await expectRejection(
      engine.load(points, { pointWeights: pointWeights.slice(1) }),
      "INVALID_WEIGHT",
      /each of 60 rows, got 59/,
    );
  });

  test("is for the call that loads points: of loaded ones it is refused, not ignored", async () => {
    const loaded = await engine.load(complete(clustered));
    const { mixture } = await engine.fit(loaded, options);
    await expectRejection(engine.predict(loaded, { mixture, missing: "drop" }), "INVALID_OPTION", /`missing`/);
    await expectRejection(Promise.resolve(engine.fit(loaded, { ...options, missing: "error" })), "INVALID_OPTION");
  });
});

describe("points of a file", () => {
  test("bring their columns, as they may be asked for again", async () => {
    const path = await folder.write("columns.csv", "a,b=c,w\n1,2,3\n4,5,6\n");
    const columns = ["twice=2*a", "b=c"];
    const first = await engine.loadFile(path, { columns, weightColumn: "w" });
    expect(first).toBeInstanceOf(LoadedFile);
    expect(first.columns).toEqual(columns);
    const again = await engine.loadFile(path, { columns: first.columns, weightColumn: "w" });
    expect(plain(again.tiles)).toEqual(plain(first.tiles));
    expect((await engine.loadFile(path)).columns).toEqual(["a", "b=c", "w"]);
  });

  test("are held to the bound on weights", async () => {
    for (const [weight, total] of [
      ["1e-300", "2e-300"],
      ["1e300", "2e\\+300"],
    ]) {
      const path = await folder.write(`${files++}.csv`, `x,w\n1,${weight}\n2,${weight}\n`);
      await expectRejection(
        engine.loadFile(path, { columns: ["x"], weightColumn: "w" }),
        "INVALID_WEIGHT",
        new RegExp(`from 1e-250 to 1e250, got ${total} in column "w" of .*\\.csv; scale them`),
      );
    }
  });

  test("are named by row and column where a number is missing", async () => {
    const path = await folder.write("gap.csv", "x,y\n1,2\n3,\n");
    const message =
      /^Expected a finite number in row 2, column "y" of .*gap\.csv \(rows counted from 1, without a header\), got none/;
    const error = await expectRejection(engine.loadFile(path), "NON_FINITE_POINT", message);
    expect(error.details).toEqual({ path, row: 2, column: "y", value: Number.NaN });
  });

  test("need memory within the engine's limit", async () => {
    await using small = await createEngine({ offThread: false, threads: 1, memoryLimit: 100 });
    const path = await folder.write("large.csv", "x\n1\n2\n");
    await expectRejection(small.loadFile(path), "ALLOCATION_FAILED", /memoryLimit is 100/);
  });

  test.each(["load", "fit", "predict"] as const)("are not loaded by a string: %s names loadFile", async (method) => {
    const mixture = GaussianMixture.fromParameters({ weights: [1], means: [[0]], covariances: [[[1]]] });
    const path = "points.csv" as never;
    const calls = {
      load: () => engine.load(path),
      fit: async () => engine.fit(path, { components: 1 }),
      predict: () => engine.predict(path, { mixture }),
    };
    await expectRejection(calls[method](), "INVALID_POINTS", /got the string "points\.csv"; .* call loadFile\(path\)/);
  });
});
