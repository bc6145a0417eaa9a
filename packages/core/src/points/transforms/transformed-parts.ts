import type { Exponents } from "../exponents.ts";
import { atOnce, STRETCH } from "../stretches.ts";
import { divideByPowers, TileWriter } from "../tile-writer.ts";
import type { Tiles, TilesInMemory } from "../tiles.ts";
import { type PlaceOf, requireLogarithms, type Transform, writeTransformed } from "./transforms.ts";

/**
 * Points that are not in memory as a mixture sees them: their tiles, some at a time, each valid until the next are asked for.
 * in: units, what the results are divided by. out: what they should be divided by, so that squares stay in the range of doubles
 * @throws as `transformTiles`
 */
export function* transformedParts(
  tiles: Tiles,
  transforms: readonly Transform[],
  { units, placeOf }: { readonly units: Exponents; readonly placeOf: PlaceOf },
): Generator<TilesInMemory, Exponents, void> {
  requireLogarithms(tiles, transforms, placeOf);
  const { count, features, tileSize, dtype } = tiles;
  const held = tileSize * Math.ceil(STRETCH / (tileSize * features));
  const length = held * features;
  const data = dtype === "f64" ? new Float64Array(length) : new Float32Array(length);
  const writer = new TileWriter({ ...tiles, data, exponents: null, nodes: undefined });
  let needed: Exponents = null;
  for (let first = 0; first < count; first += held) {
    const end = Math.min(first + held, count);
    writeTransformed(writer, tiles, transforms, { first, end });
    if (end === count) needed = writer.close();
    const part = writer.section(first, end);
    if (units !== null) atOnce(divideByPowers(part, units));
    yield part;
    writer.moveTo(end, end);
  }
  return needed;
}
