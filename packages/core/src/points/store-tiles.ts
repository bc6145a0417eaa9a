import type { Exponents } from "./exponents.ts";
import type { SectionStore } from "./sections.ts";
import type { PointSource } from "./source.ts";
import { withPauses } from "./stretches.ts";
import { divideByPowers } from "./tile-writer.ts";
import type { Tiles } from "./tiles.ts";
import { openTiling, type TilingOptions } from "./tiling.ts";

/**
 * As `streamTiles`, but a section at a time is in memory. Where it turns out at the end that features must be divided, all are
 * stored once more.
 * out: the tiles, without the coordinates. @throws as `streamTiles`
 */
export async function storeTiles(
  source: PointSource,
  store: SectionStore,
  options: TilingOptions = {},
  pause: () => Promise<void> | void = () => {},
): Promise<Omit<Tiles, "data">> {
  const plan = { source, store, options, pause };
  const tiles = await storedIn(null, plan);
  return tiles.exponents === null ? tiles : storedIn(tiles.exponents, plan);
}

interface StorePlan {
  readonly source: PointSource;
  readonly store: SectionStore;
  readonly options: TilingOptions;
  readonly pause: () => Promise<void> | void;
}

/** in: units, what features are divided by. out: with those that they should be divided by */
async function storedIn(units: Exponents, { source, store, options, pause }: StorePlan): Promise<Omit<Tiles, "data">> {
  const tiling = await openTiling(source, options, pause, store);
  const put = async (all: boolean) => {
    for (const [section, first] of tiling.sections(all)) {
      if (units !== null) await withPauses(divideByPowers(section, units), pause);
      await store.put(section, first);
    }
  };
  const putAndPause = async () => {
    await put(false);
    await pause();
  };
  for await (const batch of source.batches(tiling.rows)) await withPauses(tiling.add(batch), putAndPause);
  const { data: _, ...tiles } = tiling.close();
  await put(true);
  return tiles;
}
