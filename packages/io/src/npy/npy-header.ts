import type { FileHandle } from "node:fs/promises";
import { badFile } from "../errors.ts";
import { readFully } from "../read-fully.ts";
import { ELEMENTS, type NpyElement } from "./elements.ts";
import type { NpyPlace } from "./npy-place.ts";

/** What an .npy file says of itself. */
export interface NpyHeader {
  readonly rows: number;
  readonly columns: number;
  readonly columnMajor: boolean;
  readonly element: NpyElement;
  /** Whether an element's bytes come most significant first. */
  readonly bigEndian: boolean;
  /** Where the first element lies in the file. */
  readonly dataOffset: number;
}

const MAGIC = "\x93NUMPY";
/** NumPy itself warns beyond 10 000; only a structured type needs more. */
const LONGEST_HEADER = 1 << 20;

/**
 * Reads the header and holds the file's size against it.
 * @throws BAD_FILE
 */
export async function readNpyHeader(file: FileHandle, place: NpyPlace): Promise<NpyHeader> {
  const { name: path, start, size } = place;
  const { text, dataOffset } = await readHeaderText(file, path, start);
  const order = /'descr'\s*:\s*'([<>|=])([a-zA-Z]\d+)'/.exec(text);
  const element = order === null ? undefined : ELEMENTS[order[2]];
  if (order === null || element === undefined) throw unsupportedElement(path, text);
  const columnMajor = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (columnMajor === undefined || shape === undefined) throw badFile(path, "its .npy header is damaged");
  const { rows, columns } = readShape(path, shape);
  requireSize(path, size, dataOffset + rows * columns * element.bytes);
  return {
    rows,
    columns,
    columnMajor: columnMajor === "True",
    element,
    bigEndian: order[1] === ">",
    dataOffset: start + dataOffset,
  };
}

async function readHeaderText(
  file: FileHandle,
  path: string,
  position: number,
): Promise<{ text: string; dataOffset: number }> {
  const start = Buffer.alloc(12);
  const got = await readFully(file, start, position);
  const version = start[6];
  if (got < 10 || start.toString("latin1", 0, 6) !== MAGIC) throw badFile(path, "expected an .npy file, it is none");
  if (version < 1 || version > 3) throw badFile(path, `expected .npy version 1, 2 or 3, got ${version}`);
  const lengthBytes = version === 1 ? 2 : 4;
  const length = version === 1 ? start.readUInt16LE(8) : start.readUInt32LE(8);
  if (length > LONGEST_HEADER) throw badFile(path, `its .npy header claims ${length} bytes`);
  const header = Buffer.alloc(length);
  if ((await readFully(file, header, position + 8 + lengthBytes)) < length)
    throw badFile(path, "it ends within its .npy header");
  return { text: header.toString(version === 3 ? "utf8" : "latin1"), dataOffset: 8 + lengthBytes + length };
}

function readShape(path: string, shape: string): { rows: number; columns: number } {
  const lengths = shape.split(",").map((length) => length.replace("L", "").trim());
  if (lengths.at(-1) === "") lengths.pop();
  const [rows = Number.NaN, columns = 1] = lengths.map(Number);
  if (lengths.length > 2 || columns < 1 || !Number.isSafeInteger(rows) || !Number.isSafeInteger(columns)) {
    throw badFile(path, `expected an array of n or n × d numbers, got shape (${shape}); reshape it to (n, d)`);
  }
  return { rows, columns };
}

function requireSize(path: string, size: number, expected: number): void {
  if (size === expected) return;
  throw badFile(path, `its .npy header promises ${expected} bytes, it has ${size}; save the array again`, {
    expected,
    size,
  });
}

function unsupportedElement(path: string, header: string): Error {
  const descr = /'descr'\s*:\s*('[^']*'|\[[^\]]{0,40}\]?)/s.exec(header)?.[1];
  if (descr === undefined) return badFile(path, "its .npy header is damaged");
  const advice = descr.startsWith("[")
    ? "save numpy.lib.recfunctions.structured_to_unstructured of it"
    : descr.includes("c")
      ? "save its real and imaginary parts as columns"
      : 'save it with astype("f8")';
  return badFile(path, `expected elements of type f2 … f8, i1 … i8, u1 … u8 or bool, got ${descr}; ${advice}`);
}
