/** What nodes depend on, of points. */
interface Shape {
  readonly count: number;
  readonly tileSize: number;
  readonly features: number;
}

/** Balls around points that are stored one after another. */
export interface Balls {
  /** balls × d, stored units: the mean of the points, whatever their weights, and of padding */
  readonly centroids: Float64Array;
  /** balls: no point lies farther from its centroid, rounding included */
  readonly radii: Float64Array;
}

/**
 * Where neighbouring points lie, as plain data in memory that threads share. Tile t has the strips from t·B/8 on, and
 * group g the tiles from 8g on; the last group may have fewer.
 */
export interface Nodes {
  /** one for every 8 points */
  readonly strips: Balls;
  /** one for every tile of B points */
  readonly tiles: Balls;
  /** one for every 8 tiles */
  readonly groups: Balls;
}

export const STRIP_POINTS = 8;
export const GROUP_TILES = 8;

/** Doubles that the nodes of some points take. */
export function nodesLength(tiles: Shape): number {
  return ballCounts(tiles).reduce((sum, count) => sum + count, 0) * (tiles.features + 1);
}

/** The nodes of some points in memory of at least `nodesLength` doubles, with its content. */
export function nodesIn(memory: ArrayBufferLike, tiles: Shape): Nodes {
  let at = 0;
  const take = (length: number) => {
    const taken = new Float64Array(memory, at * 8, length);
    at += length;
    return taken;
  };
  const [strips, ofTiles, groups] = ballCounts(tiles).map((count) => ({
    centroids: take(count * tiles.features),
    radii: take(count),
  }));
  return { strips, tiles: ofTiles, groups };
}

/** The nodes of the tiles [first, end) alone; undefined if these are not whole groups. */
export function nodesBetween({ strips, tiles, groups }: Nodes, first: number, end: number): Nodes | undefined {
  const count = tiles.radii.length;
  if (first % GROUP_TILES !== 0 || (end % GROUP_TILES !== 0 && end < count)) return undefined;
  const inTile = strips.radii.length / count;
  return {
    strips: ballsBetween(strips, first * inTile, end * inTile),
    tiles: ballsBetween(tiles, first, end),
    groups: ballsBetween(groups, first / GROUP_TILES, Math.ceil(end / GROUP_TILES)),
  };
}

function ballsBetween({ centroids, radii }: Balls, first: number, end: number): Balls {
  const features = centroids.length / radii.length;
  return { centroids: centroids.subarray(first * features, end * features), radii: radii.subarray(first, end) };
}

/** How many strips, tiles and groups there are. */
function ballCounts(tiles: Shape): number[] {
  const count = Math.ceil(tiles.count / tiles.tileSize);
  return [(count * tiles.tileSize) / STRIP_POINTS, count, Math.ceil(count / GROUP_TILES)];
}
