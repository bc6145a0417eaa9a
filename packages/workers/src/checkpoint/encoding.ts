import { createHash } from "node:crypto";
import { badCheckpoint } from "../errors.ts";

// The bytes of a checkpoint (docs/checkpoints.md): plain data with typed arrays, and a checksum.

const MAGIC = "EMIXCKPT";
/** It is raised when the bytes change, or when fits come to other bits. */
const VERSION = 2;
const CHECKSUM = 32;
const PREFIX = MAGIC.length + 8;

const ARRAYS = { Float64Array, Float32Array, Int32Array, Uint32Array, Uint16Array, Int8Array, Uint8Array } as const;
type ArrayName = keyof typeof ARRAYS;
type PlainRecord = Readonly<Record<string, unknown>>;

/** Plain data → bytes; every number comes back with the same bits. An array that occurs twice is written once. */
export function encode(value: unknown): Uint8Array<ArrayBuffer> {
  const places = new Map<object, PlainRecord>();
  const arrays: Uint8Array[] = [];
  let end = 0;
  const plain = (one: unknown): unknown => {
    if (typeof one === "number") return Number.isFinite(one) && !Object.is(one, -0) ? one : { $number: show(one) };
    if (typeof one !== "object" || one === null) return one;
    if (Array.isArray(one)) return one.map(plain);
    const name = one.constructor.name as ArrayName;
    if (!(name in ARRAYS)) return Object.fromEntries(Object.entries(one).map(([key, field]) => [key, plain(field)]));
    const { buffer, byteOffset, byteLength, length } = one as Float64Array;
    if (!places.has(one)) {
      places.set(one, { $array: name, at: end, length });
      arrays.push(new Uint8Array(buffer, byteOffset, byteLength));
      end += align(byteLength);
    }
    return places.get(one);
  };
  const header = new TextEncoder().encode(JSON.stringify(plain(value)));
  const start = align(PREFIX + header.length);
  const bytes = new Uint8Array(start + end + CHECKSUM);
  bytes.set(new TextEncoder().encode(MAGIC));
  const view = new DataView(bytes.buffer);
  view.setUint32(MAGIC.length, VERSION, true);
  view.setUint32(MAGIC.length + 4, header.length, true);
  bytes.set(header, PREFIX);
  let at = start;
  for (const array of arrays) {
    bytes.set(array, at);
    at += align(array.length);
  }
  bytes.set(checksum(bytes.subarray(0, start + end)), start + end);
  return bytes;
}

/** in: path, for messages @throws BAD_CHECKPOINT */
export function decode(bytes: Uint8Array, path: string): unknown {
  const body = new Uint8Array(bytes.buffer, bytes.byteOffset, Math.max(0, bytes.length - CHECKSUM));
  const magic = new TextDecoder().decode(bytes.subarray(0, MAGIC.length));
  if (bytes.length < PREFIX + CHECKSUM || magic !== MAGIC) throw badCheckpoint(path, "it is no checkpoint of emix");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(MAGIC.length, true);
  if (version !== VERSION) throw badCheckpoint(path, `it has version ${version}, and this emix reads ${VERSION}`);
  if (!checksum(body).equals(bytes.subarray(-CHECKSUM))) throw badCheckpoint(path, "it is damaged");
  const length = view.getUint32(MAGIC.length + 4, true);
  const header = new TextDecoder().decode(body.subarray(PREFIX, PREFIX + length));
  const start = align(PREFIX + length);
  try {
    return JSON.parse(header, (_, field: unknown) => revive(field, body, start));
  } catch (error) {
    throw badCheckpoint(path, `its header is none of emix (${error instanceof Error ? error.message : String(error)})`);
  }
}

function revive(field: unknown, body: Uint8Array, start: number): unknown {
  if (typeof field !== "object" || field === null) return field;
  if ("$number" in field) return NUMBERS.get(field.$number);
  if (!("$array" in field)) return field;
  const { $array, at, length } = field as unknown as { $array: ArrayName; at: number; length: number };
  const make = Object.hasOwn(ARRAYS, $array) ? ARRAYS[$array] : undefined;
  if (make === undefined || !isCount(at) || !isCount(length)) throw new Error("it names no array");
  const first = start + at;
  const end = first + length * make.BYTES_PER_ELEMENT;
  if (end > body.length) throw new Error("an array lies outside the file");
  return new make(body.slice(first, end).buffer);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

const NUMBERS: ReadonlyMap<unknown, number> = new Map([
  ["-0", -0],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["NaN", Number.NaN],
]);

function show(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function align(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function checksum(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
