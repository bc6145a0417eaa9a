import {
  areInMemory,
  areOrdered,
  orderPoints,
  type PointSource,
  streamTiles,
  type Tiles,
  type TilesInMemory,
  transformTiles,
} from "@emix/core";
import { openFile } from "@emix/io";
import { CancelFlag, fileOf, storePoints, type Team, transformStored, yieldToEvents } from "@emix/workers";
import { rangeOfNumbers } from "../../errors.ts";
import type { Plan, PlannedFile } from "../../protocol.ts";
import type { Root } from "../root.ts";
import { RangeSource } from "./range-source.ts";

/** Points [first, end) of a plan. */
interface PointRange {
  readonly first: number;
  readonly end: number;
}

interface SpanSetting {
  readonly root: Root;
  readonly team: Team;
  /** where files of points are made */
  readonly folder: string;
  /** false: the points are read from a file as they are needed */
  readonly inMemory: boolean;
}

/** Loads points, in the order in which one machine would have them. in: whole sections */
export async function loadSpan(plan: Plan, range: PointRange, setting: SpanSetting): Promise<Tiles> {
  const { files, before } = filesOf(plan, range);
  const paths: string[] = [];
  for (const file of files) paths.push(await setting.root.require(file));
  const source = await openFile(paths, { ...plan.read, dtype: plan.dtype });
  try {
    const { missing = "error" } = plan.read;
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    const wanted = new RangeSource(source, { rows, missing, first: range.first - before, end: range.end - before });
    const tiles = await tilesOf(plan, wanted, setting);
    requireUnscaled(tiles);
    return await transformedTiles(plan, tiles, setting.folder);
  } finally {
    await source.close();
  }
}

async function tilesOf(plan: Plan, source: PointSource, { team, folder, inMemory }: SpanSetting): Promise<Tiles> {
  const options = { missing: plan.read.missing ?? "error", allocate: (bytes: number) => new SharedArrayBuffer(bytes) };
  const order = (tiles: TilesInMemory, places: Uint32Array) =>
    orderPoints(team.executor(tiles, { cancel: new CancelFlag() }), places, yieldToEvents);
  const ordered = areOrdered(plan);
  if (!inMemory) {
    const setting = { ...options, folder, orderSection: order, ordered, pause: yieldToEvents };
    return { ...(await storePoints(source, setting)), order: null };
  }
  const tiles = await streamTiles(source, options, yieldToEvents);
  if (ordered) await order(tiles, new Uint32Array(options.allocate(4 * tiles.count)));
  return tiles;
}

/** The points as the mixture sees them. @throws INVALID_POINTS, OVERFLOW, STORAGE_FAILED */
async function transformedTiles({ transforms, read, files }: Plan, tiles: Tiles, folder: string): Promise<Tiles> {
  if (transforms === null) return tiles;
  const paths = files.map(({ path }) => path);
  const placeOf = (_: number, column: number) => {
    const name = read.columns?.[column] ?? `${column}`;
    return { words: `a row of ${paths.join(", ")}, column ${JSON.stringify(name)}`, details: { paths, column: name } };
  };
  const transformed = areInMemory(tiles)
    ? transformTiles(tiles, transforms, placeOf)
    : await transformStored(tiles, transforms, { folder, placeOf, pause: yieldToEvents });
  if (!areInMemory(tiles)) await fileOf(tiles)?.close();
  requireUnscaled(transformed);
  return transformed;
}

/** @throws OVERFLOW */
function requireUnscaled({ exponents }: Tiles): void {
  if (exponents !== null) throw rangeOfNumbers(exponents.findIndex((exponent) => exponent !== 0));
}

/** The files that have points of a range, and how many points come before the first of them. */
function filesOf({ files }: Pick<Plan, "files">, { first, end }: PointRange): { files: PlannedFile[]; before: number } {
  const some: PlannedFile[] = [];
  let before = 0;
  let seen = 0;
  for (const file of files) {
    const next = seen + file.points;
    if (next <= first) before = next;
    else if (seen < end && file.points > 0) some.push(file);
    seen = next;
  }
  return { files: some, before };
}
