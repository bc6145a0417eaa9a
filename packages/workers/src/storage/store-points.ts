import {
  areOrdered,
  type PointSource,
  pointsInSection,
  storeTiles,
  type Tiles,
  type TilesInMemory,
  type TilingOptions,
  tileCount,
  tileSizeFor,
} from "@emix/core";
import { FileReader } from "./file-reader.ts";
import { openSpill, type TileFile } from "./tile-file.ts";

/** Puts a section in order, in place. out: order, n, in memory of all threads */
type OrderSection = (section: TilesInMemory, order: Uint32Array) => Promise<void>;

export interface StoreSetting extends TilingOptions {
  /** of arrays over all points */
  readonly allocate: (bytes: number) => SharedArrayBuffer;
  /** where the file is made */
  readonly folder: string;
  readonly orderSection: OrderSection;
  readonly pause: () => Promise<void>;
}

/**
 * Stores the points of a source in a file without a name, in the order in which they would be in memory. Weights and the order
 * stay in memory. Whoever keeps the tiles must hold their file.
 * @throws as `storeTiles`, STORAGE_FAILED
 */
export async function storePoints(source: PointSource, setting: StoreSetting): Promise<Tiles> {
  const file = await openSpill(setting.folder);
  try {
    return await tilesIn(file, source, setting);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function tilesIn(
  file: TileFile,
  source: PointSource,
  { folder, orderSection, pause, ...options }: StoreSetting,
): Promise<Tiles> {
  const { features, dtype } = source;
  const tileSize = tileSizeFor(features);
  const tileLength = tileSize * features;
  const bytes = dtype === "f64" ? 8 : 4;
  const points = Math.max(pointsInSection(features), tileSize);
  const orders: Uint32Array[] = [];
  const put = async (section: TilesInMemory, first: number) => {
    const own = new Uint32Array(new SharedArrayBuffer(section.count * 4));
    await orderSection(section, own);
    orders.push(own.map((place) => first + place));
    const { buffer, byteOffset, byteLength } = section.data;
    await file.write(new Uint8Array(buffer, byteOffset, byteLength), first * features * bytes);
  };
  const window = (size: number) => new SharedArrayBuffer(size);
  const facts = await storeTiles(source, { points, window, put }, options, pause);
  const byteLength = tileCount(facts) * tileLength * bytes;
  const place = { descriptor: file.descriptor, path: file.path, dtype, tileLength, at: 0, byteLength };
  const order = areOrdered(facts) ? joined(orders, options.allocate) : null;
  return { ...facts, order, data: new FileReader(place, file) };
}

function joined(parts: readonly Uint32Array[], allocate: StoreSetting["allocate"]): Uint32Array {
  const whole = new Uint32Array(allocate(parts.reduce((sum, { length }) => sum + length, 0) * 4));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
