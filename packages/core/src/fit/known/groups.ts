import { invalidOption } from "../../errors.ts";
import { type AnyExecutor, type Executor, isLocal } from "../../passes/executor.ts";
import { openMemory } from "../../passes/open-memory.ts";
import { gatheredBytes, gatherTiles } from "../../points/gather.ts";
import { ofStoredPoints } from "../../points/rows.ts";
import { rowsGiven, type Tiles, tileCount } from "../../points/tiles.ts";
import type { PointGroup } from "../../step/point-groups.ts";
import type { KnownOfRows } from "../options/options.ts";

/** What is known of the components of points, as they are stored. */
export interface KnownOfPoints extends Pick<KnownOfRows, "sets"> {
  /** n */
  readonly setOf: Int32Array;
}

/** Groups need points that this thread can read. @throws INVALID_OPTION where they lie on other machines */
export function requireHere(executor: AnyExecutor): Executor {
  if (isLocal(executor)) return executor;
  throw invalidOption("knownComponents", "left out where the points lie on other machines", "an array");
}

/** @throws INVALID_OPTION unless there is an entry for each row that was given */
export function knownOfPoints(tiles: Tiles, { sets, setOf }: KnownOfRows): KnownOfPoints {
  const rows = rowsGiven(tiles);
  if (setOf.length !== rows) throw invalidOption("knownComponents", `${rows} entries, one for each row`, setOf.length);
  return { sets, setOf: ofStoredPoints(tiles, setOf, 1) };
}

/** The same, with the points in groups. */
export interface KnownInGroups extends KnownOfPoints {
  readonly groups: readonly PointGroup[];
}

/** Groups of points in lent memory; `close` hands it back. */
export interface OpenGroups {
  readonly groups: readonly PointGroup[];
  readonly close: () => void;
}

/**
 * Groups points by what is known of their components. Groups are copied to tiles of their own, but for one with half of the
 * points or more: these stay where they are, and all others have weight 0 there.
 */
export async function openGroups(executor: Executor, { sets, setOf }: KnownOfPoints): Promise<OpenGroups> {
  const members = membersOf(setOf, sets.length);
  const closers: (() => void)[] = [];
  const groups: PointGroup[] = [];
  for (const [set, points] of members.entries()) {
    if (points.length === 0) continue;
    const { tiles } = executor;
    const stays = 2 * points.length >= tiles.count;
    const bytes = stays ? tileCount(tiles) * tiles.tileSize * 8 : gatheredBytes(points.length, tiles.features);
    const { memory, close } = await openMemory(executor, bytes);
    closers.push(close);
    const own = stays ? weighAlone(tiles, points, memory) : gatherTiles(tiles, choose(tiles, points), memory);
    groups.push({ tiles: own, components: sets[set] });
  }
  return { groups, close: () => closers.forEach((close) => void close()) };
}

/** The points of each set, rising. */
function membersOf(setOf: Int32Array, sets: number): Uint32Array[] {
  const counts = new Uint32Array(sets);
  for (const set of setOf) counts[set]++;
  const members = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  setOf.forEach((set, point) => {
    members[set][counts[set]++] = point;
  });
  return members;
}

function choose({ pointWeights }: Tiles, points: Uint32Array) {
  return { points, weights: pointWeights === null ? null : Float64Array.from(points, (point) => pointWeights[point]) };
}

/** The same points, of which some alone weigh something. */
function weighAlone(tiles: Tiles, points: Uint32Array, memory: ArrayBufferLike): Tiles {
  const padded = tileCount(tiles) * tiles.tileSize;
  const pointWeights = new Float64Array(memory, 0, padded).fill(0);
  for (const point of points) pointWeights[point] = tiles.pointWeights === null ? 1 : tiles.pointWeights[point];
  return { ...tiles, pointWeights };
}
