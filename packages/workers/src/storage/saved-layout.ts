import { type Dtype, type Tiles, tileCount, tileSizeFor } from "@emix/core";
import { badSavedPoints } from "../errors.ts";

// The file of saved points (docs/saved-points.md): a header, the coordinates as they lie in memory, and what belongs to them.

const MAGIC = "EMIXTILE";
/** It is raised when the bytes change, and when points come to lie in another order. */
const VERSION = 1;
/** Bytes of the magic, the version and the length of the header. */
export const PREFIX: number = MAGIC.length + 8;
/** Coordinates begin at a multiple of a page. */
const PAGE = 4096;
const MOST_HEADER_BYTES = 2 ** 26;

/** What the header says. */
export interface SavedHeader extends Pick<Tiles, "count" | "features" | "dtype" | "tileSize" | "exponents"> {
  readonly weighted: boolean;
  /** how many rows were left out */
  readonly dropped: number;
  readonly ordered: boolean;
  /** names of the features, d; null where they have none */
  readonly columns: readonly string[] | null;
  /** what else is known of the points, for whoever saved them */
  readonly about: unknown;
}

/** Where something lies in the file. */
interface Stretch {
  readonly at: number;
  readonly bytes: number;
}

/** Where everything lies: each from the end of the one before on, at a multiple of 8. */
export interface SavedPlaces {
  readonly data: Stretch;
  readonly pointWeights: Stretch;
  readonly dropped: Stretch;
  readonly order: Stretch;
  /** the CRC-32 of all bytes before it, little-endian */
  readonly checksum: Stretch;
}

export function headerOf(tiles: Tiles, { columns, about }: Pick<SavedHeader, "columns" | "about">): SavedHeader {
  const { count, features, dtype, tileSize, exponents, pointWeights, dropped, order } = tiles;
  const arrays = { weighted: pointWeights !== null, dropped: dropped?.length ?? 0, ordered: order !== null };
  return { count, features, dtype, tileSize, exponents, ...arrays, columns, about };
}

/** out: whole pages */
export function headerBytes(header: SavedHeader): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(align(PREFIX + text.length, PAGE));
  bytes.set(new TextEncoder().encode(MAGIC));
  const view = new DataView(bytes.buffer);
  view.setUint32(MAGIC.length, VERSION, true);
  view.setUint32(MAGIC.length + 4, text.length, true);
  bytes.set(text, PREFIX);
  return bytes;
}

/** in: prefix, the first bytes of the file. out: bytes of the header's text. @throws BAD_FILE */
export function headerLength(prefix: Uint8Array, path: string): number {
  const magic = new TextDecoder().decode(prefix.subarray(0, MAGIC.length));
  if (magic !== MAGIC) throw badSavedPoints(path, "it does not begin as one");
  if (prefix.length < PREFIX) throw badSavedPoints(path, "it is cut off");
  const view = new DataView(prefix.buffer, prefix.byteOffset);
  const version = view.getUint32(MAGIC.length, true);
  if (version !== VERSION) throw badSavedPoints(path, `it has version ${version}, and this emix reads ${VERSION}`);
  const length = view.getUint32(MAGIC.length + 4, true);
  if (length > MOST_HEADER_BYTES) throw badSavedPoints(path, "it is damaged");
  return length;
}

/** in: length, of the header's text */
export function placesOf(header: SavedHeader, length: number): SavedPlaces {
  const { count, features, dtype, tileSize, weighted, dropped, ordered } = header;
  const padded = tileCount({ count, tileSize }) * tileSize;
  let end = align(PREFIX + length, PAGE);
  const next = (bytes: number): Stretch => {
    const at = align(end, 8);
    end = at + bytes;
    return { at, bytes };
  };
  return {
    data: next(padded * features * (dtype === "f64" ? 8 : 4)),
    pointWeights: next(weighted ? padded * 8 : 0),
    dropped: next(dropped * 4),
    order: next(ordered ? count * 4 : 0),
    checksum: next(4),
  };
}

/** The header, where it is one that emix writes. @throws BAD_FILE */
export function parseHeader(text: Uint8Array, path: string): SavedHeader {
  const header = jsonOf(text);
  if (!isHeader(header)) throw badSavedPoints(path, "it is damaged");
  return header;
}

function jsonOf(text: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(text));
  } catch {
    return undefined;
  }
}

type Check = (value: unknown, header: SavedHeader) => boolean;

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;
const isBoolean: Check = (value) => typeof value === "boolean";

/** A power of two that moves a double into the range of doubles. */
const isExponent = (value: unknown) => Number.isInteger(value) && Math.abs(value as number) < 2048;

const FIELDS: Readonly<Record<keyof SavedHeader, Check>> = {
  count: isCount,
  features: isCount,
  dtype: (value) => (["f64", "f32"] satisfies Dtype[]).includes(value as Dtype),
  tileSize: (value, { features }) => value === tileSizeFor(features),
  exponents: (value, header) => value === null || isListOf(value, header, isExponent),
  weighted: isBoolean,
  dropped: (value) => value === 0 || isCount(value),
  ordered: isBoolean,
  columns: (value, header) => value === null || isListOf(value, header, (name) => typeof name === "string"),
  about: () => true,
};

function isHeader(value: unknown): value is SavedHeader {
  if (typeof value !== "object" || value === null) return false;
  const header = value as SavedHeader;
  return Object.entries(FIELDS).every(([name, check]) => check(header[name as keyof SavedHeader], header));
}

function isListOf(value: unknown, { features }: SavedHeader, check: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length === features && value.every(check);
}

function align(bytes: number, to: number): number {
  return Math.ceil(bytes / to) * to;
}
