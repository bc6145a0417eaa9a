import type { TilesInMemory } from "./tiles.ts";

/** Where points go that are not kept in memory: section by section, in order. */
export interface SectionStore {
  /** How many points a section has, unless it is the last: whole tiles. */
  readonly points: number;
  /** Gives memory of this many bytes for a section and some more points. in: count, of all points */
  window(bytes: number, count: number): ArrayBufferLike;
  /** Stores a section. Its memory is used for the next one after that. in: first, its first point; weights may change places */
  put(section: TilesInMemory, first: number): Promise<void>;
}
