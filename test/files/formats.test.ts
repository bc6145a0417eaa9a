import { execFile, spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { chmod, mkdir, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib";
import { readingLine } from "@emix/io";
import { describe, expect, test } from "vitest";
import { arrowBytes } from "../support/arrow-files.ts";
import { failureOf, npyBytes, readPoints, rowsOf, temporaryFolder } from "../support/io-files.ts";
import { zipBytes } from "../support/zip-files.ts";

const folder = temporaryFolder();
const CSV = "a,b\n1,2\n3,4.5\n";
const ROWS = [
  [1, 2],
  [3, 4.5],
];

describe("compressed text", () => {
  test.each([
    ["gzip", "x.csv.gz", gzipSync(CSV)],
    ["zstd", "x.csv.zst", zstdCompressSync(CSV)],
    ["gzip of several members", "y.tsv.gz", Buffer.concat([gzipSync("a\tb\n1\t2\n"), gzipSync("3\t4.5\n")])],
    ["gzip under a plain name", "z.csv", gzipSync(CSV)],
    ["ndjson", "n.jsonl.gz", gzipSync('{"a":1,"b":2}\n{"a":3,"b":4.5}\n')],
  ])("%s", async (_, name, bytes) => {
    expect(rowsOf((await readPoints(await folder.write(name, bytes))).tiles)).toEqual(ROWS);
  });

  test("cut off, or damaged", async () => {
    const long = gzipSync(`a,b\n${"1,2\n3,4\n".repeat(100_000)}`);
    const cut = await folder.write("cut.csv.gz", long.subarray(0, long.length / 2));
    expect((await failureOf(readPoints(cut))).code).toBe("BAD_FILE");
    const damaged = await folder.write("damaged.csv.zst", zstdCompressSync(CSV).fill(7, 9));
    expect((await failureOf(readPoints(damaged))).code).toBe("BAD_FILE");
  });
});

describe("several files", () => {
  test("a pattern and an array, rows in order, columns by name", async () => {
    const one = await folder.write("part-1.csv", "a,b\n1,2\n");
    const two = await folder.write("part-2.csv", "b,a\n4.5,3\n");
    for (const path of [join(dirname(one), "part-*.csv"), [one, two]]) {
      const { tiles, reading } = await readPoints(path);
      expect(rowsOf(tiles)).toEqual(ROWS);
      expect(readingLine(reading)).toMatch(/^read 2 files/);
    }
    expect(rowsOf((await readPoints([one, two], { limit: 1 })).tiles)).toEqual([[1, 2]]);
    expect(rowsOf((await readPoints([one, two], { columns: ["s=a+b"] })).tiles)).toEqual([[3], [7.5]]);
    expect(rowsOf((await readPoints([one, two], { query: "SELECT sum(a) s FROM data" })).tiles)).toEqual([[4]]);
  });

  test("with other columns, or none", async () => {
    const one = await folder.write("q-1.csv", "a,b\n1,2\n");
    const two = await folder.write("q-2.csv", "a,c\n1,2\n");
    const three = await folder.write("q-3.csv", "a,b\nx,2\n");
    expect((await failureOf(readPoints([one, two]))).details).toMatchObject({ path: two, lacking: ["b"] });
    expect((await failureOf(readPoints([one, three]))).code).toBe("BAD_FILE");
    expect((await failureOf(readPoints(join(dirname(one), "none-*.csv")))).code).toBe("FILE_NOT_FOUND");
    expect((await failureOf(readPoints([]))).code).toBe("INVALID_OPTION");
  });
});

describe("ndjson", () => {
  test("objects inside objects, lists, gaps, truth values, what is left out", async () => {
    const text = [
      '{"id": 1, "at": {"x": 1.5, "y": 2}, "v": [1, 2], "ok": true, "name": "n", "day": "2001-01-01"}',
      '{"id": 2, "at": {"x": 2.5}, "v": [3, null], "ok": false, "name": "m", "day": "2001-01-02"}',
      '{"id": 3, "at": {"x": 3.5, "y": 4}, "v": [5, 6], "ok": true, "name": "o", "day": "2001-01-03"}',
    ].join("\n");
    const path = await folder.write("o.ndjson", text);
    const { tiles, columns, reading, dropped } = await readPoints(path, { missing: "drop" });
    expect(columns).toEqual(["at.x", "at.y", "v[0]", "v[1]", "ok"]);
    expect(rowsOf(tiles)).toEqual([
      [1.5, 2, 1, 2, 1],
      [3.5, 4, 5, 6, 1],
    ]);
    expect(dropped).toBe(1);
    expect(reading.leftOut.map(({ name, reason }) => [name, reason])).toEqual([
      ["id", "row number"],
      ["name", "text"],
      ["day", "dates"],
    ]);
    expect(rowsOf((await readPoints(path, { columns: ['m="at.x"*2'] })).tiles)).toEqual([[3], [5], [7]]);
  });

  test("rows as arrays; damaged lines", async () => {
    expect(rowsOf((await readPoints(await folder.write("r.jsonl", "[1,2]\n[3,4.5]\n"))).tiles)).toEqual(ROWS);
    const bad = await failureOf(readPoints(await folder.write("b.jsonl", '{"a":1}\n{"a":2\n')));
    expect(bad.details).toMatchObject({ line: 2 });
    const mixed = await failureOf(readPoints(await folder.write("m.jsonl", '{"a":1}\n{"a":"x"}\n{"a":3}\n')));
    expect(mixed.details).toMatchObject({ line: 2, column: "a" });
    expect((await failureOf(readPoints(await folder.write("s.jsonl", "1\n2\n")))).code).toBe("BAD_FILE");
    const twice = await failureOf(readPoints(await folder.write("t.jsonl", '{"a":{"b":1},"a.b":2}\n')));
    expect(twice.message).toContain('two values named "a.b"');
  });
});

describe("Arrow", () => {
  test.each(["file", "stream"] as const)("a %s: every kind of column", async (form) => {
    const path = await folder.write(`t-${form}.arrow`, arrowBytes(form));
    const { tiles, columns, reading } = await readPoints(path);
    expect(columns).toEqual(["double", "single", "integer", "wide", "half", "ok", "list[0]", "list[1]"]);
    expect(rowsOf(tiles)).toEqual([
      [1.5, 0.5, -1, 7, 0.25, 1, 1, 2],
      [2.5, 1.5, -2, 8, 0.5, 0, 3, 4],
      [3.5, 2.5, -3, 9, 0.75, 1, 5, 6],
    ]);
    expect(reading.leftOut.map(({ name }) => name)).toEqual(["index", "text", "time"]);
    expect(rowsOf((await readPoints(path, { columns: ["y=year(time)", "double"], limit: 2 })).tiles)).toEqual([
      [2001, 1.5],
      [2001, 2.5],
    ]);
    expect((await readPoints(path, { columns: ["single"] })).tiles.dtype).toBe("f32");
  });

  test("cut off, damaged, or none at all", async () => {
    const bytes = arrowBytes("file");
    for (const part of [
      bytes.subarray(0, 200),
      bytes.subarray(0, bytes.length - 20),
      Buffer.from("ARROW1 and no more"),
    ]) {
      expect((await failureOf(readPoints(await folder.write("cut.arrow", part)))).code).toBe("BAD_FILE");
    }
  });
});

describe(".npy and .npz", () => {
  const doubles = (...values: number[]) => new Uint8Array(Float64Array.from(values).buffer);
  const array = npyBytes({ descr: "<f8", shape: "(2, 2)", data: doubles(1, 2, 3, 4.5) });
  const turned = npyBytes({ descr: "<f8", shape: "(2, 2)", data: doubles(1, 3, 2, 4.5), columnMajor: true });

  test("half precision, either byte order, with its smallest and largest numbers; truth values", async () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x3555, 0x8000);
    const expected = [1, -2, 2 ** -24, 65504, 0.333251953125, -0];
    for (const order of ["<", ">"]) {
      const data = Buffer.from(halves.slice().buffer);
      if (order === ">") data.swap16();
      const { tiles } = await readPoints(
        await folder.write(`h${order}.npy`, npyBytes({ descr: `${order}f2`, shape: "(6,)", data })),
      );
      expect(rowsOf(tiles).flat()).toEqual(expected);
      expect(tiles.dtype).toBe("f32");
    }
    const truths = npyBytes({ descr: "|b1", shape: "(3,)", data: Uint8Array.of(1, 0, 1) });
    expect(rowsOf((await readPoints(await folder.write("t.npy", truths))).tiles).flat()).toEqual([1, 0, 1]);
  });

  test("stored and deflated, either order", async () => {
    for (const [name, bytes] of Object.entries({ array, turned })) {
      for (const packed of [false, true]) {
        const path = await folder.write(
          `${name}${packed}.npz`,
          zipBytes({ "X.npy": bytes }, packed ? deflateRawSync : null),
        );
        expect(rowsOf((await readPoints(path)).tiles)).toEqual(ROWS);
      }
    }
  });

  test("several arrays: the one that is named", async () => {
    const path = await folder.write("two.npz", zipBytes({ "X.npy": array, "y.npy": turned }, null));
    const error = await failureOf(readPoints(path));
    expect(error.message).toMatch(/`array` .*X, y/);
    expect(rowsOf((await readPoints(path, { array: "y" })).tiles)).toEqual(ROWS);
  });

  test("a zip that promises less than it holds, is cut off, or is none", async () => {
    const packed = zipBytes({ "X.npy": array }, deflateRawSync);
    const lying = Buffer.from(packed);
    lying.writeUInt32LE(10, lying.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
    for (const bytes of [lying, packed.subarray(0, packed.length - 30), Buffer.from("PK\x03\x04 and no more")]) {
      expect((await failureOf(readPoints(await folder.write("bad.npz", bytes)))).code).toBe("BAD_FILE");
    }
  });

  test("headers that promise much: an error at once", async () => {
    for (const shape of [
      "(0, 100000)",
      "(0, 9007199254740991)",
      "(9007199254740991, 0)",
      "(1, 9007199254740991)",
      "(0,)",
    ]) {
      const path = await folder.write("wide.npy", npyBytes({ descr: "<f8", shape, data: new Uint8Array() }));
      const began = performance.now();
      expect(["EMPTY_DATA", "BAD_FILE"]).toContain((await failureOf(readPoints(path))).code);
      expect(performance.now() - began).toBeLessThan(200);
    }
  });
});

describe("what is no file", () => {
  test("a pipe: read once, its format seen", async () => {
    const plain = await folder.write("pipe.csv", CSV);
    const pipe = join(dirname(plain), "pipe");
    await promisify(execFile)("mkfifo", [pipe]);
    const written = promisify(execFile)("cp", [plain, pipe]);
    expect(rowsOf((await readPoints(pipe)).tiles)).toEqual(ROWS);
    await written;
  });

  test("standard input, of any format", async () => {
    const script = `import { openFile } from ${JSON.stringify(new URL("../../packages/io/src/index.ts", import.meta.url).pathname)};
      const file = await openFile("-");
      for await (const { rowCount, columns: [x, y] } of file.batches((await file.count("error")).rows))
        for (let row = 0; row < rowCount; row++)
          console.log(x.values[x.offset + row * x.stride], y.values[y.offset + row * y.stride]);
      await file.close();`;
    const doubles = npyBytes({
      descr: "<f8",
      shape: "(2, 2)",
      data: new Uint8Array(Float64Array.of(1, 2, 3, 4.5).buffer),
    });
    for (const bytes of [CSV, gzipSync(CSV), '{"a":1,"b":2}\n{"a":3,"b":4.5}\n', doubles]) {
      const path = await folder.write("stdin", bytes);
      const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
      createReadStream(path).pipe(child.stdin);
      const out: Buffer[] = [];
      for await (const chunk of child.stdout) out.push(chunk as Buffer);
      expect(Buffer.concat(out).toString()).toBe("1 2\n3 4.5\n");
    }
  });

  test("a folder, a file that may not be read, a file that is cut while it is read", async () => {
    const path = await folder.write("secret.csv", CSV);
    await mkdir(join(dirname(path), "folder"));
    expect((await failureOf(readPoints(join(dirname(path), "folder")))).code).toBe("BAD_FILE");
    await chmod(path, 0);
    if (process.getuid?.() !== 0) expect((await failureOf(readPoints(path))).message).toMatch(/permission denied/);
    const cut = await folder.write("shrinks.npy", npyBytes({ descr: "<f8", shape: "(2,)", data: new Uint8Array(16) }));
    await truncate(cut, 100);
    expect((await failureOf(readPoints(cut))).code).toBe("BAD_FILE");
  });

  test("a signal: before, and while it is read", async () => {
    const path = await folder.write("long.csv", `a,b\n${"1,2\n3,4\n".repeat(1_000_000)}`);
    expect((await failureOf(readPoints(path, { signal: AbortSignal.abort() }))).code).toBe("ABORTED");
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    expect((await failureOf(readPoints(path, { signal: controller.signal }))).code).toBe("ABORTED");
  });

  test("a limit stops reading early", async () => {
    const path = await folder.write("limit.csv", `a,b\n${"1,2\n3,4\n".repeat(10)}1,x\n${"1,2\n".repeat(400_000)}1\n`);
    expect((await readPoints(path, { limit: 20 })).rows).toBe(20);
  });
});
