import { greatest } from "@emix/core";
import { badArray } from "../errors.ts";
import { bytesOfDoubles, bytesOfIntegers } from "../little-endian.ts";

/** An array of an .npz file: numbers (true as 1) or texts, row-major. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: Float64Array | readonly string[];
  /** NumPy's name of the element type, such as "f8" */
  readonly type: string;
}

const MAGIC = "\x93NUMPY";
const ALIGNMENT = 64;
const CHARACTER_BYTES = 4;

type Read = (view: DataView, at: number, littleEndian: boolean) => number;

const NUMBERS: Readonly<Record<string, { readonly bytes: number; readonly read: Read }>> = {
  f8: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  f4: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  i8: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  i4: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  b1: { bytes: 1, read: (view, at) => view.getUint8(at) },
};

/** An array of doubles. in: values, row-major */
export function writeDoubles(values: Float64Array, shape: readonly number[] = [values.length]): Uint8Array {
  return withHeader("<f8", shape, bytesOfDoubles(values));
}

/** One integer. */
export function writeInteger(value: number): Uint8Array {
  return withHeader("<i8", [], bytesOfIntegers([value]));
}

export function writeFlag(value: boolean): Uint8Array {
  return withHeader("|b1", [], Buffer.of(value ? 1 : 0));
}

/** One text, or an array of them. */
export function writeTexts(texts: string | readonly string[]): Uint8Array {
  const list = (typeof texts === "string" ? [texts] : texts).map((text) => [...text.toWellFormed()]);
  const length = Math.max(1, greatest(list.map((characters) => characters.length)));
  const data = Buffer.alloc(list.length * length * CHARACTER_BYTES);
  for (const [row, characters] of list.entries()) {
    for (const [i, character] of characters.entries()) {
      data.writeUInt32LE(character.codePointAt(0) as number, (row * length + i) * CHARACTER_BYTES);
    }
  }
  return withHeader(`<U${length}`, typeof texts === "string" ? [] : [list.length], data);
}

function withHeader(type: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const padded = text.padEnd(Math.ceil((text.length + 11) / ALIGNMENT) * ALIGNMENT - 11);
  const start = Buffer.alloc(10);
  start.write(`${MAGIC}\x01\x00`, "latin1");
  start.writeUInt16LE(padded.length + 1, 8);
  return Buffer.concat([start, Buffer.from(`${padded}\n`, "latin1"), data]);
}

/** @throws BAD_MODEL_FILE */
export function readArray(name: string, bytes: Uint8Array): NpyArray {
  const { text, data } = headerOf(name, bytes);
  const [, order, type] = /'descr'\s*:\s*'([<>|=])([a-zA-Z]\d{1,9})'/.exec(text) ?? [];
  const lengths = /'shape'\s*:\s*\(([\d\s,]*)\)/
    .exec(text)?.[1]
    .split(",")
    .filter((length) => length.trim() !== "");
  if (type === undefined || lengths === undefined) throw badArray(name, "expected numbers or text with a shape");
  const shape = lengths.map(Number);
  const count = shape.reduce((product, length) => product * length, 1);
  const values = elements(name, data, { type, count, littleEndian: order !== ">" });
  return { shape, type, values: /'fortran_order'\s*:\s*True/.test(text) ? rowMajor(values, shape) : values };
}

function headerOf(name: string, bytes: Uint8Array): { readonly text: string; readonly data: DataView } {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < 12 || view.toString("latin1", 0, 6) !== MAGIC) throw badArray(name, "it is no .npy array");
  const start = view[6] === 1 ? 10 : 12;
  const end = start + (view[6] === 1 ? view.readUInt16LE(8) : view.readUInt32LE(8));
  if (end > view.length) throw badArray(name, "it ends within its header");
  const data = new DataView(bytes.buffer, bytes.byteOffset + end, bytes.byteLength - end);
  return { text: view.toString("latin1", start, end), data };
}

interface Elements {
  readonly type: string;
  readonly count: number;
  readonly littleEndian: boolean;
}

function elements(name: string, data: DataView, { type, count, littleEndian }: Elements): NpyArray["values"] {
  const characters = type.startsWith("U") ? Number(type.slice(1)) : 0;
  const number = Object.hasOwn(NUMBERS, type) ? NUMBERS[type] : undefined;
  const size = number?.bytes ?? characters * CHARACTER_BYTES;
  if (size === 0) throw badArray(name, `expected doubles, integers, flags or text, got elements of type ${type}`);
  if (count * size !== data.byteLength) throw badArray(name, "its shape and its bytes do not match");
  if (number !== undefined)
    return Float64Array.from({ length: count }, (_, i) => number.read(data, i * size, littleEndian));
  return Array.from({ length: count }, (_, i) => textAt(name, data, { at: i * size, characters, littleEndian }));
}

function textAt(
  name: string,
  data: DataView,
  {
    at,
    characters,
    littleEndian,
  }: { readonly at: number; readonly characters: number; readonly littleEndian: boolean },
): string {
  let text = "";
  for (let i = 0; i < characters; i++) {
    const point = data.getUint32(at + i * CHARACTER_BYTES, littleEndian);
    if (point > 0x10ffff) throw badArray(name, "it holds what is no text");
    text += String.fromCodePoint(point);
  }
  return text.replace(/\0+$/, "");
}

/** Column-major → row-major. */
function rowMajor(values: NpyArray["values"], shape: readonly number[]): NpyArray["values"] {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, length) => product * length, 1));
  const place = (index: number) => {
    let [rest, at] = [index, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % shape[axis]) * strides[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return at;
  };
  if (values instanceof Float64Array) return values.map((_, index) => values[place(index)]);
  return values.map((_, index) => values[place(index)]);
}
