import { type Balls, type Nodes, STRIP_POINTS } from "../../../../points/nodes.ts";
import { BALLS, SIDE_BY_SIDE } from "../../forms/sieve.ts";
import type { Numbers } from "../../language/setting.ts";
import type { Instance, Span } from "../instance.ts";

/** Nothing reaches a ball whose references lie so high. */
const OUT_OF_REACH = 1e300;

/** Eight balls in an instance's memory (forms/sieve.ts); those that are not used are out of reach. */
export interface EightBalls {
  /** 8 each, and the coordinates, d × 8 */
  readonly floors: Float64Array;
  readonly radii: Float64Array;
  readonly centres: Float64Array;
}

export function ballsAt(address: number, { view, shape: { features } }: Instance): EightBalls {
  return {
    floors: view(address + BALLS.floor, SIDE_BY_SIDE).fill(OUT_OF_REACH),
    radii: view(address + BALLS.radius, SIDE_BY_SIDE),
    centres: view(address + BALLS.centre, features * SIDE_BY_SIDE),
  };
}

/** A tile, the first of eight balls, and its strips. */
export interface TileBalls {
  readonly tile: EightBalls;
  readonly strips: EightBalls;
}

/** Writes where the points of a tile lie. */
export function placeBalls({ tile, strips }: TileBalls, nodes: Nodes, index: number): void {
  const inTile = nodes.strips.radii.length / nodes.tiles.radii.length;
  copyBalls(tile, nodes.tiles, index, 1);
  copyBalls(strips, nodes.strips, index * inTile, inTile);
}

/** in: count, at most 8 */
export function copyBalls({ radii, centres }: EightBalls, from: Balls, first: number, count: number): void {
  const features = centres.length / SIDE_BY_SIDE;
  for (let lane = 0, at = first * features; lane < count; lane++) {
    radii[lane] = from.radii[first + lane];
    for (let j = 0; j < features; j++) centres[j * SIDE_BY_SIDE + lane] = from.centroids[at++];
  }
}

/** Writes the first of eight balls as it stands elsewhere. */
export function copyBall(to: EightBalls, from: EightBalls): void {
  to.radii[0] = from.radii[0];
  for (let j = 0; j < to.centres.length; j += SIDE_BY_SIDE) to.centres[j] = from.centres[j];
}

/** Finds where the points of a tile lie. in: data, of a group in the kernel's memory */
export function findBalls({ tile, strips }: TileBalls, data: Numbers, { from, points }: Span): void {
  const features = tile.centres.length / SIDE_BY_SIDE;
  const own = data.subarray(from * features, (from + points) * features);
  findBall(tile, 0, own, { tileSize: points, from: 0, points });
  for (let lane = 0, first = 0; first < points; lane++, first += STRIP_POINTS) {
    findBall(strips, lane, own, { tileSize: points, from: first, points: STRIP_POINTS });
  }
}

/** The radius about the centre as it is rounded. */
function findBall(
  { centres, radii }: EightBalls,
  ball: number,
  tile: Numbers,
  { tileSize, from, points }: Span & { readonly tileSize: number },
): void {
  const squares = new Float64Array(points);
  for (let row = from, out = ball; row < tile.length; row += tileSize, out += SIDE_BY_SIDE) {
    let sum = 0;
    for (let i = 0; i < points; i++) sum += tile[row + i];
    const mean = sum / points;
    centres[out] = mean;
    for (let i = 0; i < points; i++) squares[i] += (tile[row + i] - mean) * (tile[row + i] - mean);
  }
  let most = 0;
  for (const squared of squares) if (!(squared <= most)) most = squared;
  radii[ball] = Math.sqrt(most) * (1 + 2 ** -40);
}

/** The least reference of a tile and of each of its strips. in: references, of a group */
export function setFloors({ tile, strips }: TileBalls, references: Float64Array, { from, points }: Span): void {
  tile.floors[0] = Number.POSITIVE_INFINITY;
  for (let lane = 0, first = from; first < from + points; lane++, first += STRIP_POINTS) {
    let least = references[first];
    for (let i = first + 1; i < first + STRIP_POINTS; i++) if (references[i] < least) least = references[i];
    strips.floors[lane] = least;
    if (least < tile.floors[0]) tile.floors[0] = least;
  }
}
