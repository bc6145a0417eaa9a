import { deflateRawSync, gzipSync } from "node:zlib";
import { EmixError } from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrowBytes } from "../support/arrow-files.ts";
import { npyBytes, readPoints, temporaryFolder } from "../support/io-files.ts";
import { zipBytes } from "../support/zip-files.ts";

const folder = temporaryFolder();

const doubles = new Uint8Array(Float64Array.from({ length: 40 }, (_, index) => Math.sin(index) * 100).buffer);
const npy = npyBytes({ descr: "<f8", shape: "(20, 2)", data: doubles });
const csv = `id,name,x,y,v\n${Array.from({ length: 12 }, (_, row) => `${row},"a, ""q"" b",${Math.sin(row)},${row * 1000},"[${row}, 2.5]"`).join("\n")}\n`;

const FILES: Readonly<Record<string, Uint8Array>> = {
  "a.csv": Buffer.from(csv),
  "b.csv": Buffer.from("a;b\n1.234,5;2\n3,25;NA\n"),
  "c.txt": Buffer.from("# x y\n1.5e0 2\n3 4\n"),
  "d.csv.gz": gzipSync(csv),
  "e.npy": npy,
  "f.npz": zipBytes({ "X.npy": npy }, null),
  "g.npz": zipBytes({ "X.npy": npy }, deflateRawSync),
  "h.arrow": arrowBytes("file"),
  "i.arrow": arrowBytes("stream"),
  "j.ndjson": Buffer.from('{"a":1,"b":[1,2],"c":{"d":2}}\n{"a":2,"b":[3,4],"c":{"d":2.5}}\n'),
};

/** Bytes that mean something to some format. */
const TELLING = [...Buffer.from(',;"\n.-[{#9 \0\t'), 255];

const edit = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom("set", "cut", "insert", "word"),
  byte: fc.oneof(fc.nat(255), fc.constantFrom(...TELLING)),
  word: fc.constantFrom(0, 1, 0x7fffffff, 0xffffffff),
});

function edited(
  original: Uint8Array,
  edits: readonly { at: number; kind: string; byte: number; word: number }[],
): Buffer {
  let bytes = Buffer.from(original);
  for (const { at, kind, byte, word } of edits) {
    const place = at % bytes.length;
    if (kind === "set") bytes[place] = byte;
    else if (kind === "insert")
      bytes = Buffer.concat([bytes.subarray(0, place), Buffer.of(byte), bytes.subarray(place)]);
    else if (kind === "word" && bytes.length > 4) bytes.writeUInt32LE(word, Math.min(place, bytes.length - 4));
    else if (kind === "cut" && bytes.length > 8)
      bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1 + (byte % 6))]);
  }
  return bytes;
}

describe("files with random edits", () => {
  test.each(Object.keys(FILES))(
    "%s: read, or a typed error of one line, soon",
    async (name) => {
      const law = fc.asyncProperty(
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (edits, drop) => {
          const path = await folder.write(name, edited(FILES[name], edits));
          const found = await readPoints(path, { missing: drop ? "drop" : "error" }).catch((error: unknown) => error);
          if (!(found instanceof Error)) return;
          expect(found).toBeInstanceOf(EmixError);
          expect((found as EmixError).code).not.toBe("INTERNAL");
          expect(found.message).not.toContain("\n");
        },
      );
      await fc.assert(law, { numRuns: Number(process.env.EMIX_RUNS ?? 100) });
    },
    900_000,
  );
});
