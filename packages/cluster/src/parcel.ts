import { EmixError } from "@emix/core";
import { badParcel } from "./errors.ts";

// What crosses Redis: plain data as JSON, with its arrays of numbers behind it as they lie in memory. A parcel begins with
// the length of the JSON as 32 bits; arrays begin at multiples of 8 bytes.

const VIEWS = { Float64Array, Float32Array, Int32Array, Uint32Array } as const;

type ViewName = keyof typeof VIEWS;

/** An array as the JSON states it: its kind, where it begins, and how many numbers it has. */
interface StatedArray {
  readonly $view: ViewName;
  readonly at: number;
  readonly length: number;
}

const HEAD_BYTES = 4;
const ALIGNMENT = 8;

const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

export function pack(value: unknown): Buffer {
  const arrays: Uint8Array[] = [];
  let end = 0;
  const json = JSON.stringify(value, (_, part: unknown) => {
    if (!ArrayBuffer.isView(part)) return part;
    const view = part as Float64Array;
    const at = end;
    arrays.push(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    end = align(at + view.byteLength);
    return { $view: view[Symbol.toStringTag], at, length: view.length };
  });
  const text = Buffer.from(json);
  const body = align(HEAD_BYTES + text.length);
  const packed = Buffer.alloc(body + end);
  packed.writeUInt32LE(text.length);
  text.copy(packed, HEAD_BYTES);
  let at = body;
  for (const bytes of arrays) {
    packed.set(bytes, at);
    at = align(at + bytes.length);
  }
  return packed;
}

/** The inverse of `pack`: arrays are views of it where they can be. Sizes are checked before anything is allocated. @throws CLUSTER_MISMATCH */
export function unpack(packed: Buffer): unknown {
  const length = packed.length >= HEAD_BYTES ? packed.readUInt32LE() : Number.POSITIVE_INFINITY;
  if (HEAD_BYTES + length > packed.length) throw badParcel("it is cut off");
  const body = align(HEAD_BYTES + length);
  try {
    return JSON.parse(packed.toString("utf8", HEAD_BYTES, HEAD_BYTES + length), (name, part: unknown) => {
      if (name === "__proto__") throw badParcel("it has a field __proto__");
      return isStated(part) ? arrayIn(packed, body, part) : part;
    });
  } catch (error) {
    throw error instanceof EmixError ? error : badParcel("its JSON is broken");
  }
}

function arrayIn(
  packed: Buffer,
  body: number,
  { $view, at, length }: StatedArray,
): Float64Array | Float32Array | Int32Array | Uint32Array {
  const View = VIEWS[$view];
  const bytes = length * View.BYTES_PER_ELEMENT;
  const isPlace = Number.isSafeInteger(at) && Number.isSafeInteger(length) && at >= 0 && length >= 0;
  if (!isPlace || body + at + bytes > packed.length) throw badParcel("an array lies outside of it");
  const from = packed.byteOffset + body + at;
  if (from % View.BYTES_PER_ELEMENT === 0) return new View(packed.buffer as ArrayBuffer, from, length);
  const copy = new Uint8Array(bytes);
  copy.set(packed.subarray(body + at, body + at + bytes));
  return new View(copy.buffer);
}

function isStated(part: unknown): part is StatedArray {
  return typeof part === "object" && part !== null && "$view" in part && Object.hasOwn(VIEWS, String(part.$view));
}
