import { type FilePlace, FileReader } from "../storage/file-reader.ts";

// What crosses a thread. V8 writes the length of a view in 32 bits when it clones it, so a view of more than 4 GiB arrives
// short. Buffers arrive whole at any length; a message therefore states its arrays by buffer, offset and length.

type View = Float64Array | Float32Array | Int32Array | Int8Array | Uint32Array | Uint16Array | Uint8Array;

type ViewName = View[typeof Symbol.toStringTag];

type MakeView = new (buffer: ArrayBufferLike, offset: number, length: number) => View;

const VIEWS: Readonly<Record<ViewName, MakeView>> = {
  Float64Array,
  Float32Array,
  Int32Array,
  Int8Array,
  Uint32Array,
  Uint16Array,
  Uint8Array,
};

/** An array, as it is stated in a message. */
interface StatedArray {
  readonly view: ViewName;
  readonly buffer: ArrayBufferLike;
  readonly offset: number;
  /** how many numbers it has */
  readonly length: number;
}

declare const of: unique symbol;

/** A reader of a file, as it is stated in a message. Descriptors of files hold for a whole process. */
interface StatedReader {
  readonly tileFile: FilePlace;
}

/** A value as plain data without views, which alone may be posted to another thread. */
export type Message<T> = { readonly [of]: T };

/** States the arrays of plain data. */
export function toMessage<T>(value: T): Message<T> {
  return mapParts(value, statementOf) as Message<T>;
}

/** The inverse of `toMessage`: the arrays lie in the same buffers. */
export function fromMessage<T>(message: Message<T>): T {
  return mapParts(message, viewOf) as T;
}

/** in: change, which gives what stands in the place of a part; undefined: its fields are changed */
function mapParts(value: unknown, change: (part: object) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (Array.isArray(value)) return value.map((part) => mapParts(part, change));
  if (!isRecord(value)) return value;
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(value)) fields[name] = mapParts(value[name], change);
  return fields;
}

/** Plain data, of any realm; not a buffer, a map or a module. */
function isRecord(value: object): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === "[object Object]";
}

function statementOf(part: object): StatedArray | StatedReader | undefined {
  if (part instanceof FileReader) return { tileFile: part.place };
  if (!ArrayBuffer.isView(part)) return undefined;
  const array = part as View;
  const view = array[Symbol.toStringTag];
  const { buffer, byteOffset: offset, length } = isWhole(array) ? array : array.slice();
  return { view, buffer, offset, length };
}

/** Private memory is copied on its way, so no more of it goes than is asked for. */
function isWhole({ buffer, byteLength }: View): boolean {
  return buffer instanceof SharedArrayBuffer || buffer.byteLength === byteLength;
}

function viewOf(part: object): View | FileReader | undefined {
  if ("tileFile" in part) return new FileReader(part.tileFile as FilePlace);
  if (!isStated(part)) return undefined;
  const { view, buffer, offset, length } = part;
  return new VIEWS[view](buffer, offset, length);
}

function isStated(part: object): part is StatedArray {
  return "view" in part && "buffer" in part && "offset" in part;
}
