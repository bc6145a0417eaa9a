import { type FileHandle, open } from "node:fs/promises";
import { type Dtype, placeInArray, requireTotal, type Tiles } from "@emix/core";
import { badSavedPoints, noSavedPoints } from "../errors.ts";
import { CheckedFile, readFully, type Watching } from "./checked-file.ts";
import { FileReader } from "./file-reader.ts";
import { headerLength, PREFIX, parsedHeader, placesOf, type SavedHeader, type SavedPlaces } from "./saved-layout.ts";
import { TileFile } from "./tile-file.ts";

/** No stored coordinate is larger, so that no square leaves the range of doubles. */
const FARTHEST = 2 ** 500;

export interface OpenSetting extends Watching {
  /** of arrays over all points */
  readonly allocate: (bytes: number) => SharedArrayBuffer;
  /** true: coordinates are copied to memory; false: they are read from the file as they are needed */
  readonly inMemory: boolean;
}

/** Saved points. Whoever keeps the tiles must hold their file, if they lie there. */
export interface SavedPoints extends Pick<SavedHeader, "columns" | "about"> {
  readonly tiles: Tiles;
}

/**
 * Opens a file that `savePoints` wrote, and reads it once from end to end to check it.
 * in: take, makes of the points what is kept of them; the file is closed if it throws
 * @throws FILE_NOT_FOUND, BAD_FILE, ALLOCATION_FAILED, ABORTED
 */
export async function openSavedPoints<T>(
  path: string,
  setting: OpenSetting,
  take: (saved: SavedPoints) => T,
): Promise<T> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw noSavedPoints(path);
    throw badSavedPoints(path, `it cannot be read (${error.message})`, error);
  });
  try {
    const taken = take(await pointsIn(handle, path, setting));
    if (setting.inMemory) await handle.close();
    return taken;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function pointsIn(handle: FileHandle, path: string, setting: OpenSetting): Promise<SavedPoints> {
  const { size } = await handle.stat();
  const length = headerLength(await bytesAt(handle, 0, Math.min(PREFIX, size), path), path);
  if (PREFIX + length > size) throw badSavedPoints(path, "it is cut off");
  const header = parsedHeader(await bytesAt(handle, PREFIX, length, path), path);
  const places = placesOf(header, length);
  const end = places.checksum.at + places.checksum.bytes;
  if (size !== end) throw badSavedPoints(path, `it has ${size} bytes and should have ${end}`);
  const arrays = roomFor(header, places, setting);
  await readAll(new CheckedFile(handle, { path, size }, setting), places, arrays, header.dtype);
  requireSound(header, arrays, path);
  const { count, features, dtype, tileSize, exponents, columns, about } = header;
  const place = { descriptor: handle.fd, path, dtype, tileLength: tileSize * features };
  const data =
    arrays.data ??
    new FileReader({ ...place, at: places.data.at, byteLength: places.data.bytes }, new TileFile(path, handle));
  const { pointWeights, dropped, order } = arrays;
  return { tiles: { count, features, dtype, tileSize, data, pointWeights, exponents, dropped, order }, columns, about };
}

async function bytesAt(handle: FileHandle, at: number, length: number, path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await readFully(handle, bytes, at, path);
  return bytes;
}

/** What of the points lies in memory. */
interface Arrays extends Pick<Tiles, "pointWeights" | "dropped" | "order"> {
  readonly data: Float64Array | Float32Array | null;
}

function roomFor({ dtype }: SavedHeader, places: SavedPlaces, { allocate, inMemory }: OpenSetting): Arrays {
  const { data, pointWeights, dropped, order } = places;
  const numbers = (memory: SharedArrayBuffer) =>
    dtype === "f64" ? new Float64Array(memory) : new Float32Array(memory);
  return {
    data: inMemory ? numbers(allocate(data.bytes)) : null,
    pointWeights: pointWeights.bytes > 0 ? new Float64Array(allocate(pointWeights.bytes)) : null,
    dropped: dropped.bytes > 0 ? new Uint32Array(allocate(dropped.bytes)) : null,
    order: order.bytes > 0 ? new Uint32Array(allocate(order.bytes)) : null,
  };
}

/** Reads the whole file in order, checks its coordinates and its checksum, and fills the arrays. @throws BAD_FILE, ABORTED */
async function readAll(
  file: CheckedFile,
  places: SavedPlaces,
  { data, ...arrays }: Arrays,
  dtype: Dtype,
): Promise<void> {
  await file.readTo(places.data.at);
  await file.readTo(places.data.at + places.data.bytes, (piece, offset) => {
    if (!areStorable(piece, dtype)) throw file.damaged();
    if (data !== null) bytesIn(data).set(piece, offset);
  });
  for (const name of ["pointWeights", "dropped", "order"] as const) {
    const { at, bytes } = places[name];
    const array = arrays[name];
    await file.readTo(at);
    await file.readTo(at + bytes, (piece, offset) => array !== null && bytesIn(array).set(piece, offset));
  }
  await file.readTo(places.checksum.at);
  await file.requireChecksum();
}

function bytesIn({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function areStorable({ buffer, length }: Uint8Array<ArrayBuffer>, dtype: Dtype): boolean {
  const numbers = dtype === "f64" ? new Float64Array(buffer, 0, length / 8) : new Float32Array(buffer, 0, length / 4);
  for (let i = 0; i < numbers.length; i++) if (!(Math.abs(numbers[i]) <= FARTHEST)) return false;
  return true;
}

/** Refuses arrays that no points have, whatever the checksum says. @throws BAD_FILE, INVALID_WEIGHT, ZERO_TOTAL_WEIGHT */
function requireSound({ count }: SavedHeader, { pointWeights, dropped, order }: Arrays, path: string): void {
  const areSound =
    (pointWeights === null || areWeights(pointWeights, count)) &&
    (dropped === null || areAscending(dropped, count + dropped.length)) &&
    (order === null || isPermutation(order));
  if (!areSound) throw badSavedPoints(path, "it is damaged");
}

/** in: weights, with those of padding, which are 0 */
function areWeights(weights: Float64Array, count: number): boolean {
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i] >= 0) || (i >= count && weights[i] !== 0)) return false;
    total += weights[i];
  }
  requireTotal(total, placeInArray());
  return true;
}

function areAscending(rows: Uint32Array, end: number): boolean {
  return rows.every((row, i) => row < end && (i === 0 || row > rows[i - 1]));
}

function isPermutation(order: Uint32Array): boolean {
  const seen = new Uint8Array(order.length);
  for (let i = 0; i < order.length; i++) {
    if (order[i] >= order.length || seen[order[i]] === 1) return false;
    seen[order[i]] = 1;
  }
  return true;
}
