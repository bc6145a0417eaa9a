import { fstatSync, openSync, statSync } from "node:fs";
import { type Dtype, EmixError, type PlanShape, type Tiles } from "@emix/core";
import { badSavedPoints, noSavedPoints } from "../errors.ts";
import { CheckedFile, type CheckWatcher, readFully } from "./checked-file.ts";
import { FileReader } from "./file-reader.ts";
import { requireSound, type SavedArrays } from "./saved-arrays.ts";
import { headerLength, PREFIX, parseHeader, placesOf, type SavedHeader, type SavedPlaces } from "./saved-layout.ts";
import { TileFile } from "./tile-file.ts";

/** No stored coordinate is larger, so that no square leaves the range of doubles. */
const FARTHEST = 2 ** 500;

export interface OpenSetting extends CheckWatcher {
  /** allocates arrays over all points */
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
  const file = openFile(path);
  try {
    const taken = take(await pointsIn(file, setting));
    if (setting.inMemory) await file.close();
    return taken;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** What a file of saved points says of their number and kind. Nothing else of it is read. @throws FILE_NOT_FOUND, BAD_FILE */
export async function savedShape(path: string): Promise<PlanShape> {
  const file = openFile(path);
  try {
    const { header } = await headerOf(file);
    const { count, features, dtype, weighted } = header;
    return { points: count, features, dtype, weighted };
  } finally {
    await file.close();
  }
}

function openFile(path: string): TileFile {
  try {
    if (!statSync(path).isFile()) throw badSavedPoints(path, "it is no file");
    return new TileFile(path, openSync(path, "r"));
  } catch (error) {
    if (error instanceof EmixError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw noSavedPoints(path);
    throw badSavedPoints(path, `it cannot be read (${message})`, error);
  }
}

async function pointsIn(file: TileFile, setting: OpenSetting): Promise<SavedPoints> {
  const { path, descriptor } = file;
  const { header, length, size } = await headerOf(file);
  const places = placesOf(header, length);
  const end = places.checksum.at + places.checksum.bytes;
  if (size !== end) throw badSavedPoints(path, `it has ${size} bytes and should have ${end}`);
  const arrays = roomFor(header, places, setting);
  await readAll(new CheckedFile(descriptor, { path, size }, setting), places, arrays, header.dtype);
  requireSound(header, arrays, path);
  const { count, features, dtype, tileSize, exponents, columns, about } = header;
  const place = { descriptor, path, dtype, tileLength: tileSize * features };
  const data = arrays.data ?? new FileReader({ ...place, at: places.data.at, byteLength: places.data.bytes }, file);
  const { pointWeights, dropped, order } = arrays;
  return { tiles: { count, features, dtype, tileSize, data, pointWeights, exponents, dropped, order }, columns, about };
}

/** out: length, of the header's text; size, of the file */
async function headerOf({
  path,
  descriptor,
}: TileFile): Promise<{ header: SavedHeader; length: number; size: number }> {
  const { size } = fstatSync(descriptor);
  const length = headerLength(await bytesAt(descriptor, 0, Math.min(PREFIX, size), path), path);
  if (PREFIX + length > size) throw badSavedPoints(path, "it is cut off");
  return { header: parseHeader(await bytesAt(descriptor, PREFIX, length, path), path), length, size };
}

async function bytesAt(descriptor: number, at: number, length: number, path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await readFully(descriptor, bytes, at, path);
  return bytes;
}

function roomFor({ dtype }: SavedHeader, places: SavedPlaces, { allocate, inMemory }: OpenSetting): SavedArrays {
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
  { data, ...arrays }: SavedArrays,
  dtype: Dtype,
): Promise<void> {
  await file.readTo(places.data.at);
  await file.readTo(places.data.at + places.data.bytes, (piece, offset) => {
    if (!areStorable(piece, dtype)) throw file.damagedFile();
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
