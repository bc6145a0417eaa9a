import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib";
import { EmixError } from "@emix/core";
import { type FileOptions, openFile, writeModel } from "@emix/io";
import type { Engine } from "emix";
import { type Random, randomStream } from "../../packages/core/src/random.ts";
import { readZip } from "../../packages/io/src/models/npz/zip.ts";
import { arrowBytes } from "./arrow-files.ts";
import { edited, pick } from "./edits.ts";
import { outcomeOf } from "./hostile-models.ts";
import { copyToParquet, npyBytes } from "./io-files.ts";
import { fittedMixture, wholeModel } from "./models.ts";
import { zipBytes } from "./zip-files.ts";

// Files of every format with random edits: each must be read, or refused by a typed error of one line, soon.

/** A file before its edits. inside: where its content can be edited too, packed again afterwards */
interface Original {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly inside?: Inside;
}

interface Inside {
  readonly content: Uint8Array;
  readonly pack: (content: Uint8Array) => Uint8Array;
}

/** A file to read. */
export interface EditedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly options: FileOptions;
  /** whether columns of any kind are read as texts too */
  readonly texts: boolean;
}

const doubles = new Uint8Array(Float64Array.from({ length: 40 }, (_, i) => Math.sin(i) * 100).buffer);
const halves = new Uint8Array(Uint16Array.from({ length: 40 }, (_, i) => 0x3c00 + 7 * i).buffer);
const npy = npyBytes({ descr: "<f8", shape: "(20, 2)", data: doubles });
const csv = `id,name,x,y,v\n${Array.from({ length: 12 }, (_, row) => `${row},"a, ""q"" b",${Math.sin(row)},${row * 1000},"[${row}, 2.5]"`).join("\n")}\n`;
const ndjson = '{"a":1,"b":[1,2],"c":{"d":2}}\n{"a":2,"b":[3,4],"c":{"d":2.5},"e":"t\\u00e9"}\n';

const PLAIN: Readonly<Record<string, string | Uint8Array>> = {
  "comma.csv": csv,
  "europe.csv": "a;b\r\n1.234,5;2\r\n3,25;NA\r\n1.000.000;-0,5\r\n",
  "tabs.tsv": "when\tx\ty\n2024-01-01\t1\t2\n2024-01-02\t3\t4e-3\n",
  "blanks.txt": "# x y\n1.5e0 2\n3 4\n -1  +7\n",
  "wide16.csv": Buffer.from(`\ufeffx,y\n1,2\n3,4\n`, "utf16le"),
  "rows.ndjson": ndjson,
  "rows.npy": npy,
  "columns.npy": npyBytes({ descr: ">f8", shape: "(20, 2)", data: doubles, columnMajor: true }),
  "halves.npy": npyBytes({ descr: "<f2", shape: "(40,)", data: halves, version: 2 }),
  "file.arrow": arrowBytes("file"),
  "stream.arrow": arrowBytes("stream"),
  "zstd.arrow": arrowBytes("file", "zstd"),
  "lz4.arrow": arrowBytes("stream", "lz4"),
  "model.json": writeModel(wholeModel(fittedMixture({ type: "full" })), "json"),
};

const SELECT =
  "SELECT i AS id, sin(i) AS x, (i * 3)::INTEGER AS y, 'name ' || (i % 5) AS name, [i, 2.5] AS v, i % 2 = 0 AS ok, " +
  "CASE WHEN i % 7 = 0 THEN NULL ELSE i::DECIMAL(9, 2) END AS gap, DATE '2024-01-01' + i::INTEGER AS day FROM range(40) t(i)";

const PARQUET: Readonly<Record<string, string>> = {
  "plain.parquet": ", COMPRESSION uncompressed",
  "snappy.parquet": "",
  "zstd.parquet": ", COMPRESSION zstd",
  "gzip.parquet": ", COMPRESSION gzip",
  "v2.parquet": ", PARQUET_VERSION v2, COMPRESSION lz4_raw",
};

/** Files of every kind that is read. */
export async function originalFiles(): Promise<Original[]> {
  const plain = Object.entries(PLAIN).map(([name, content]) => ({ name, bytes: Buffer.from(content) }));
  return [...plain, ...packedTexts(), ...archives(), ...(await parquetFiles())];
}

function packedTexts(): Original[] {
  const repeated = Buffer.from(csv + csv.slice(csv.indexOf("\n") + 1).repeat(40));
  const packed = (name: string, content: Uint8Array, pack: Inside["pack"]): Original => ({
    name,
    bytes: pack(content),
    inside: { content, pack },
  });
  return [
    packed("comma.csv.gz", Buffer.from(csv), gzipSync),
    packed("long.csv.gz", repeated, gzipSync),
    packed("comma.csv.zst", Buffer.from(csv), zstdCompressSync),
    packed("rows.ndjson.zst", Buffer.from(ndjson), zstdCompressSync),
  ];
}

function archives(): Original[] {
  const stored = (content: Uint8Array) => zipBytes({ "X.npy": content }, null);
  const deflated = (content: Uint8Array) => zipBytes({ "X.npy": content }, deflateRawSync);
  const model = writeModel(wholeModel(fittedMixture({ type: "diag" })), "npz");
  const arrays = [...readZip(model, () => true)];
  const means = arrays.findIndex(([name]) => name.startsWith("means_"));
  const withMeans = (content: Uint8Array) =>
    zipBytes(Object.fromEntries(arrays.map(([name, bytes], i) => [name, i === means ? content : bytes])), null);
  return [
    { name: "stored.npz", bytes: stored(npy), inside: { content: npy, pack: stored } },
    { name: "deflated.npz", bytes: deflated(npy), inside: { content: npy, pack: deflated } },
    { name: "model.npz", bytes: model, inside: { content: arrays[means][1], pack: withMeans } },
  ];
}

async function parquetFiles(): Promise<Original[]> {
  const folder = mkdtempSync(join(tmpdir(), "emix-parquet-"));
  try {
    const files: Original[] = [];
    for (const [name, options] of Object.entries(PARQUET)) {
      files.push({ name, bytes: await readFile(await copyToParquet(SELECT, join(folder, name), options)) });
    }
    return files;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Edited file number `index` of a seed. */
export function editedFile(originals: readonly Original[], seed: string | number, index: number): EditedFile {
  const random = randomStream(seed, "files", index);
  const original = originals[index % originals.length];
  const { name, bytes, inside } = original;
  const inner = inside !== undefined && random.uniform() < 0.5;
  const content = inner ? inside.pack(edited(inside.content, random)) : edited(bytes, random);
  return { name, bytes: content, options: optionsFor(name, random), texts: random.uniform() < 0.25 };
}

const CHOICES: readonly FileOptions[] = [
  ...[["x"], ["a", "b"], ["*"], ["-id"], ["x", "z=x*2"], ["x0", "v[1]"]].map((columns) => ({ columns })),
  ...[{ weightColumn: "y" }, { limit: 5 }, { query: "SELECT * FROM data LIMIT 3" }],
];

function optionsFor(name: string, random: Random): FileOptions {
  const format = random.uniform() < 0.02 ? pick(random, ["csv", "ndjson", "arrow", "npy", "npz"] as const) : undefined;
  const text = format === undefined && /\.(csv|tsv|txt)/.test(name) && random.uniform() < 0.2;
  return {
    missing: random.uniform() < 0.5 ? "drop" : "error",
    ...(format && { format }),
    ...(random.uniform() < 0.1 && pick<FileOptions>(random, CHOICES)),
    ...(text && pick<FileOptions>(random, [{ header: false }, { delimiter: ";" }, { decimal: "," }, { skip: 1 }])),
  };
}

/**
 * How reading ended: "read", or the code of the error. in: folder, for the file
 * @throws where it ended in anything else
 */
export async function readOutcome(engine: Engine, file: EditedFile, folder: string): Promise<string> {
  const { name, bytes, options, texts } = file;
  if (name.startsWith("model.")) return (await outcomeOf(bytes)) === "model" ? "read" : "BAD_MODEL_FILE";
  const path = join(folder, name);
  writeFileSync(path, bytes);
  try {
    const points = await engine.loadFile(path, options);
    if (points.count < 1) throw new Error("a file without points was read");
    if (texts) await readTexts(path, options);
    return "read";
  } catch (error) {
    if (!(error instanceof EmixError) || error.code === "INTERNAL" || error.message.includes("\n")) throw error;
    return error.code;
  }
}

async function readTexts(path: string, options: FileOptions): Promise<void> {
  const file = await openFile(path, options);
  try {
    for await (const { rowCount, columns } of file.texts(file.allColumns)) {
      if (!columns.every(({ length }) => length >= rowCount)) throw new Error("a column of texts is too short");
    }
  } finally {
    await file.close();
  }
}
