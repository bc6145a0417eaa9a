import { type Balls, GROUP_TILES, STRIP_POINTS } from "../../points/nodes.ts";
import { readTileWeights, type Tiles, tileCount } from "../../points/tiles.ts";
import type { BlockTask, NodesPass } from "../pass.ts";

/** Covers the rounding of a computed distance, and squares that underflow. */
const RELATIVE = 1 + 1e-12;
const ABSOLUTE = 2 ** -520;

/** The balls around the points of some groups of tiles, of their tiles and of their strips. */
export function nodes({ nodes: { strips, tiles: ofTiles, groups } }: NodesPass, tiles: Tiles): BlockTask {
  const { tileSize } = tiles;
  const stripsPerTile = tileSize / STRIP_POINTS;
  const total = tileCount(tiles);
  const weights = new Float64Array(GROUP_TILES * tileSize);
  const enclose = encloser(tiles, weights);

  return (firstGroup, endGroup) => {
    for (let group = firstGroup; group < endGroup; group++) {
      const first = group * GROUP_TILES;
      const count = Math.min(GROUP_TILES, total - first);
      for (let tile = 0; tile < count; tile++) {
        const own = weights.subarray(tile * tileSize, (tile + 1) * tileSize);
        readTileWeights(tiles, first + tile, own);
      }
      enclose({ first, tile: 0, tiles: count, lane: 0, lanes: tileSize }, groups, group);
      for (let tile = 0; tile < count; tile++) {
        enclose({ first, tile, tiles: 1, lane: 0, lanes: tileSize }, ofTiles, first + tile);
        for (let strip = 0; strip < stripsPerTile; strip++) {
          const lanes = { lane: strip * STRIP_POINTS, lanes: STRIP_POINTS };
          enclose({ first, tile, tiles: 1, ...lanes }, strips, (first + tile) * stripsPerTile + strip);
        }
      }
    }
  };
}

/** Some lanes of some tiles of a group, which begins with the tile `first`. */
interface Part {
  readonly first: number;
  readonly tile: number;
  readonly tiles: number;
  readonly lane: number;
  readonly lanes: number;
}

/** in: weights of the points of a group */
function encloser(
  { features, tileSize, data }: Tiles,
  weights: Float64Array,
): (part: Part, balls: Balls, index: number) => void {
  const squares = new Float64Array(GROUP_TILES * tileSize);

  /** out: how many points weigh something */
  function counted({ tile, tiles, lane, lanes }: Part): number {
    let count = 0;
    for (let t = tile; t < tile + tiles; t++) {
      for (let at = t * tileSize + lane; at < t * tileSize + lane + lanes; at++) if (weights[at] > 0) count++;
    }
    return count;
  }

  function mean({ first, tile, tiles, lane, lanes }: Part, feature: number, count: number): number {
    let sum = 0;
    for (let t = tile; t < tile + tiles; t++) {
      const at = t * tileSize + lane;
      const from = ((first + t) * features + feature) * tileSize + lane;
      for (let i = 0; i < lanes; i++) if (weights[at + i] > 0) sum += data[from + i];
    }
    return sum / count;
  }

  function addSquares({ first, tile, tiles, lane, lanes }: Part, feature: number, centre: number): void {
    for (let t = tile; t < tile + tiles; t++) {
      const at = t * tileSize + lane;
      const from = ((first + t) * features + feature) * tileSize + lane;
      for (let i = 0; i < lanes; i++) {
        const z = data[from + i] - centre;
        squares[at + i] += z * z;
      }
    }
  }

  function greatestSquare({ tile, tiles, lane, lanes }: Part): number {
    let greatest = 0;
    for (let t = tile; t < tile + tiles; t++) {
      for (let at = t * tileSize + lane; at < t * tileSize + lane + lanes; at++) {
        if (weights[at] > 0 && squares[at] > greatest) greatest = squares[at];
      }
    }
    return greatest;
  }

  return (part, { centroids, radii }, index) => {
    const count = counted(part);
    squares.fill(0);
    for (let j = 0; j < features; j++) {
      const place = ((part.first + part.tile) * features + j) * tileSize + part.lane;
      const centre = count === 0 ? data[place] : mean(part, j, count);
      centroids[index * features + j] = centre;
      addSquares(part, j, centre);
    }
    radii[index] = count === 0 ? 0 : Math.sqrt(greatestSquare(part)) * RELATIVE + ABSOLUTE;
  };
}
