import type { DistanceKernel, Places } from "../../kernels/distance-kernel.ts";
import { GROUP_TILES } from "../../points/nodes.ts";
import type { Tiles } from "../../points/tiles.ts";

/** Neighbouring tiles, some of which are at their places in a kernel. Sets of tiles are bits, by their places. */
export class TileGroup {
  readonly tiles: Tiles;
  readonly kernel: DistanceKernel;
  first = 0;
  end = 0;
  #taken = 0;

  constructor(tiles: Tiles, kernel: DistanceKernel) {
    this.tiles = tiles;
    this.kernel = kernel;
  }

  enter(first: number, end: number): void {
    this.first = first;
    this.end = end;
    this.#taken = 0;
  }

  /** Takes those of a set to the kernel that are not there. */
  take(set: number): void {
    for (let tile = this.first; tile < this.end; tile++) {
      const bit = bitOf(tile);
      if ((set & bit) === 0 || (this.#taken & bit) !== 0) continue;
      this.kernel.take(this.tiles, tile);
      this.#taken |= bit;
    }
  }

  /** Calls for each run of neighbouring places of a set. */
  forRuns(set: number, treat: (places: Places) => void): void {
    for (let first = 0; first < GROUP_TILES; first++) {
      if ((set & (1 << first)) === 0) continue;
      let end = first + 1;
      while (end < GROUP_TILES && (set & (1 << end)) !== 0) end++;
      treat({ first, end });
      first = end;
    }
  }
}

/** The bit of a tile in a set. */
export function bitOf(tile: number): number {
  return 1 << (tile % GROUP_TILES);
}
