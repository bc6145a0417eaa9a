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
  /** allocates arrays over all points */
  readonly allocate: (bytes: number) => SharedArrayBuffer;
  /** where the file is made */
  readonly folder: string;
  readonly orderSection: OrderSection;
  /** whether sections are ordered, where the source has some of more points; default: by its own count */
  readonly ordered?: boolean;
  readonly pause: () => Promise<void>;
}

/**
 * Stores the points of a source in a file without a name, in the order in which they would be in memory. Weights and the order
 * stay in memory. Whoever keeps the tiles must hold their file.
 * @throws as `storeTiles`, STORAGE_FAILED
 */
export async function storePoints(source: PointSource, setting: StoreSetting): Promise<Tiles> {
  const file = openSpill(setting.folder);
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
  { folder, orderSection, ordered, pause, ...options }: StoreSetting,
): Promise<Tiles> {
  const { features, dtype } = source;
  const tileSize = tileSizeFor(features);
  const tileLength = tileSize * features;
  const bytes = dtype === "f64" ? 8 : 4;
  const points = Math.max(pointsInSection(features), tileSize);
  let order: Uint32Array | null = null;
  const window = (size: number, count: number) => {
    if (order === null && (ordered ?? areOrdered({ count, features })))
      order = new Uint32Array(options.allocate(count * 4));
    return new SharedArrayBuffer(size);
  };
  const put = async (section: TilesInMemory, first: number) => {
    const own = order?.subarray(first, first + section.count);
    if (own !== undefined) await orderSection(section, own);
    for (let i = 0; own !== undefined && i < own.length; i++) own[i] += first;
    const { buffer, byteOffset, byteLength } = section.data;
    await file.write(new Uint8Array(buffer, byteOffset, byteLength), first * features * bytes);
  };
  const facts = await storeTiles(source, { points, window, put }, options, pause);
  const byteLength = tileCount(facts) * tileLength * bytes;
  const place = { descriptor: file.descriptor, path: file.path, dtype, tileLength, at: 0, byteLength };
  return { ...facts, order, data: new FileReader(place, file) };
}
