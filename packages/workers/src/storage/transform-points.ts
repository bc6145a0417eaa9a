import { type Exponents, type PlaceOf, type Tiles, type Transform, transformedParts } from "@emix/core";
import { FileReader } from "./file-reader.ts";
import { openSpill, type TileFile } from "./tile-file.ts";

export interface TransformSetting {
  /** where the file is made */
  readonly folder: string;
  readonly placeOf: PlaceOf;
  readonly pause: () => Promise<void>;
}

/**
 * Points in a file as a mixture sees them, in another file without a name. Whoever keeps the tiles must hold their file.
 * @throws INVALID_POINTS where a logarithm of 0 or less is asked for, STORAGE_FAILED
 */
export async function transformStored(
  tiles: Tiles,
  transforms: readonly Transform[],
  setting: TransformSetting,
): Promise<Tiles> {
  const file = openSpill(setting.folder);
  try {
    const write = (units: Exponents) =>
      writeParts(file, transformedParts(tiles, transforms, { ...setting, units }), setting);
    const exponents = await write(null);
    if (exponents !== null) await write(exponents);
    const { features, tileSize, dtype } = tiles;
    const place = { descriptor: file.descriptor, path: file.path, dtype, tileLength: tileSize * features };
    return { ...tiles, exponents, data: new FileReader({ ...place, at: 0, byteLength: tiles.data.byteLength }, file) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function writeParts(
  file: TileFile,
  parts: ReturnType<typeof transformedParts>,
  { pause }: TransformSetting,
): Promise<Exponents> {
  for (let at = 0; ; ) {
    const next = parts.next();
    if (next.done) return next.value;
    const { buffer, byteOffset, byteLength } = next.value.data;
    await file.write(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
    await pause();
  }
}
