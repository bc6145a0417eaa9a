import { crc32, deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readZip, writeZip } from "../../../../../packages/io/src/models/npz/zip.ts";
import { expectFailure } from "../../../../support/failures.ts";

const bytes = Buffer.from("a mixture of Gaussians ".repeat(40));
const all = () => true;
const CENTRAL = Buffer.of(0x50, 0x4b, 1, 2);

/** An archive with one file, whose entry in the directory is changed. */
function archive(stored: Uint8Array, change: (entry: Buffer) => void): Buffer {
  const whole = Buffer.from(writeZip({ "a.npy": stored }));
  change(whole.subarray(whole.indexOf(CENTRAL)));
  return whole;
}

function deflated(content: Uint8Array, promised: number = content.length): Buffer {
  return archive(deflateRawSync(content), (entry) => {
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(crc32(content), 16);
    entry.writeUInt32LE(promised, 24);
  });
}

describe("zip archives", () => {
  test("hold files, and give back those that are wanted", () => {
    const files = { "a.npy": bytes, "größe.npy": Buffer.of(1, 2, 3), "empty.npy": Buffer.alloc(0) };
    expect(readZip(writeZip(files), all)).toEqual(new Map(Object.entries(files)));
    expect([...readZip(writeZip(files), (name) => name !== "a.npy").keys()]).toEqual(["größe.npy", "empty.npy"]);
    expect(writeZip(files)).toEqual(writeZip(files));
  });

  test("are read when they are deflated, and when a comment follows", () => {
    expect(readZip(deflated(bytes), all)).toEqual(new Map([["a.npy", bytes]]));
    expect(readZip(Buffer.concat([writeZip({ a: bytes }), Buffer.from("a comment")]), all).get("a")).toEqual(bytes);
  });

  test("are read where they lie in a larger buffer", () => {
    const inner = Buffer.concat([Buffer.from("xyz"), writeZip({ a: bytes })]).subarray(3);
    expect(readZip(inner, all).get("a")).toEqual(bytes);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["cut short", writeZip({ a: bytes }).subarray(0, 60), /its end is missing/],
    ["a damaged directory", archive(bytes, (entry) => entry.fill(0, 0, 4)), /its directory is damaged/],
    ["a damaged file", archive(bytes, (entry) => entry.writeUInt32LE(1, 16)), /a\.npy is damaged/],
    ["another size", archive(bytes, (entry) => entry.writeUInt32LE(1, 24)), /a\.npy is damaged/],
    ["a file beyond the end", archive(bytes, (entry) => entry.writeUInt32LE(2 ** 20, 20)), /it ends within a\.npy/],
    ["a file that is not there", archive(bytes, (entry) => entry.writeUInt32LE(5, 42)), /a\.npy is missing/],
    ["a place beyond the end", archive(bytes, (entry) => entry.writeUInt32LE(2 ** 30, 42)), /a\.npy is missing/],
    ["a password", archive(bytes, (entry) => entry.writeUInt16LE(1, 8)), /a\.npy is encrypted/],
    ["another method", archive(bytes, (entry) => entry.writeUInt16LE(12, 10)), /packed in an unknown way, 12/],
    ["no deflated bytes", archive(bytes, (entry) => entry.writeUInt16LE(8, 10)), /a\.npy is damaged/],
    ["more than it promises", deflated(Buffer.alloc(2 ** 24), 10), /a\.npy is damaged/],
    ["less than it promises", deflated(bytes, 2 ** 20), /a\.npy is damaged/],
    ["far more than its size", deflated(Buffer.alloc(2 ** 27)), /it would unpack to 134217728 bytes/],
    ["more than memory holds", archive(bytes, (entry) => entry.writeUInt32LE(2 ** 32 - 1, 24)), /it would unpack to/],
  ])("%s: a typed error", (_, damaged, message) => {
    expectFailure(() => readZip(damaged, all), "BAD_MODEL_FILE", message);
  });
});
