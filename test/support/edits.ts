import type { Random } from "../../packages/core/src/random.ts";

// Edits of bytes that a careless program, a bad disk or an attacker could make.

type Edit = (bytes: Buffer, random: Random) => Buffer;

export const pick = <T>(random: Random, values: readonly T[]): T => values[below(random, values.length)];
const below = (random: Random, count: number): number => Math.floor(random.uniform() * count);

/** Texts that mean something to some format. */
const WORDS = [
  ...[",", ";", "\t", '"', "\n", "\r", "-", ".", "e", "[", "]", "{", "}", "#", "\0", "\xff", "\\", "\\u00", "null"],
  ...["NaN", "inf", "-0", "1e999", "1e-400", "0x1p3", "1_0", "9".repeat(400), "99999999999999999999", ",".repeat(3000)],
  ...["<f4", "|O", "<U9", "True", "(99999999999,)", "(0, 9007199254740991)", "(2, 0)", "PK\x01\x02", "PAR1", "ARROW1"],
  ...["\xef\xbb\xbf", "\xff\xfe", '"""', "\n\n\n", "a".repeat(70_000)],
].map((word) => Buffer.from(word, "latin1"));

const GIANTS = [0, 1, 0xff, 0x7fff, 0x7fffffff, 0x80000000, 0xffffffff, 2 ** 40, Number.MAX_SAFE_INTEGER, -1].map(
  (value) => BigInt.asUintN(64, BigInt(value)),
);

const NESTS = ["[", '{"a":', '{"a":[', "(", '"', "[[1],"];

/** A place; often near the beginning or the end, where headers lie. */
function placeIn({ length }: Buffer, random: Random): number {
  const near = Math.min(length, 96);
  const where = random.uniform();
  if (where < 0.3) return below(random, near + 1);
  if (where < 0.5) return length - below(random, near + 1);
  return below(random, length + 1);
}

const spliced = (bytes: Buffer, at: number, cut: number, put: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);

function block(bytes: Buffer, random: Random): { at: number; part: Buffer } {
  const at = placeIn(bytes, random);
  return { at, part: bytes.subarray(at, at + 1 + below(random, pick(random, [4, 40, 400]))) };
}

const EDITS: readonly Edit[] = [
  function flipsBits(bytes, random) {
    for (let left = 1 + below(random, 4); left > 0 && bytes.length > 0; left--) {
      bytes[Math.min(placeIn(bytes, random), bytes.length - 1)] ^= 1 << below(random, 8);
    }
    return bytes;
  },
  function setsBytes(bytes, random) {
    const put = Buffer.from(Array.from({ length: 1 + below(random, 4) }, () => below(random, 256)));
    return spliced(bytes, placeIn(bytes, random), put.length, put);
  },
  function insertsWord(bytes, random) {
    return spliced(bytes, placeIn(bytes, random), pick(random, [0, 0, 1, 4]), pick(random, WORDS));
  },
  function deletes(bytes, random) {
    const { at, part } = block(bytes, random);
    return spliced(bytes, at, part.length, Buffer.alloc(0));
  },
  function truncates(bytes, random) {
    return bytes.subarray(0, placeIn(bytes, random));
  },
  function beheads(bytes, random) {
    return bytes.subarray(placeIn(bytes, random));
  },
  function repeatsBlock(bytes, random) {
    const { part } = block(bytes, random);
    const times = pick(random, [1, 2, 100, 1000]);
    return spliced(bytes, placeIn(bytes, random), 0, Buffer.concat(Array.from({ length: times }, () => part)));
  },
  function swapsBlocks(bytes, random) {
    const [a, b] = [block(bytes, random), block(bytes, random)];
    const [first, second] = a.at < b.at ? [a, b] : [b, a];
    const firstEnd = Math.min(first.at + first.part.length, second.at);
    return Buffer.concat([
      bytes.subarray(0, first.at),
      second.part,
      bytes.subarray(firstEnd, second.at),
      bytes.subarray(first.at, firstEnd),
      bytes.subarray(second.at + second.part.length),
    ]);
  },
  function zeroes(bytes, random) {
    const { at, part } = block(bytes, random);
    return spliced(bytes, at, part.length, Buffer.alloc(part.length, pick(random, [0, 0xff, 0x20])));
  },
  function writesGiant(bytes, random) {
    const size = pick(random, [2, 4, 8]);
    const put = Buffer.alloc(8);
    put.writeBigUInt64LE(pick(random, GIANTS));
    return spliced(bytes, placeIn(bytes, random), size, put.subarray(0, size));
  },
  function growsNumber(bytes, random) {
    const numbers = [...bytes.toString("latin1").matchAll(/\d+/g)];
    if (numbers.length === 0) return bytes;
    const { index, 0: digits } = pick(random, numbers.slice(0, pick(random, [3, numbers.length])));
    const value = pick(random, [
      "0",
      "9".repeat(400),
      "4294967296",
      "9007199254740993",
      "-1",
      "1e308",
      digits.repeat(9),
    ]);
    return spliced(bytes, index, digits.length, Buffer.from(value));
  },
  function nests(bytes, random) {
    const depth = pick(random, [50, 3000, 100_000]);
    return spliced(bytes, placeIn(bytes, random), 0, Buffer.from(pick(random, NESTS).repeat(depth)));
  },
];

/** The bytes after one to four edits. */
export function edited(original: Uint8Array, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(original);
  const count = pick(random, [1, 1, 2, 4]);
  for (let i = 0; i < count; i++) bytes = pick(random, EDITS)(bytes, random);
  return bytes;
}
