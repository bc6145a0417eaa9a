import {
  greatest,
  least,
  orderPoints,
  pointsInSection,
  streamTiles,
  type Tiles,
  type TilesInMemory,
  tileCount,
  tileSizeFor,
  tilesBetween,
  tilesBytes,
  transformTiles,
} from "@emix/core";
import { openFile } from "@emix/io";
import { CancelFlag, type Team, yieldToEvents } from "@emix/workers";
import { needsMemory, rangeOfNumbers } from "../../errors.ts";
import type { Plan, PlannedFile } from "../../protocol.ts";
import type { Root } from "../root.ts";
import { RangeSource } from "./range-source.ts";

/** Points of a plan in shared memory: whole sections, from a tile on. */
interface Span {
  readonly plan: string;
  readonly firstTile: number;
  readonly endTile: number;
  readonly tiles: Tiles;
  /** counts uses */
  used: number;
}

/** Keeps the points that this worker is asked about, loaded once; those that were not used for longest go first. */
export class Spans {
  readonly #root: Root;
  readonly #team: Team;
  /** bytes of all points together */
  readonly limit: number;
  #spans: Span[] = [];
  #uses = 0;

  constructor(root: Root, team: Team, limit: number) {
    this.#root = root;
    this.#team = team;
    this.limit = limit;
  }

  /** The tiles [first, end) of all points of a plan. */
  async tiles(plan: Plan, first: number, end: number): Promise<Tiles> {
    const covers = (span: Span) => span.plan === plan.id && span.firstTile <= first && span.endTile >= end;
    const span = this.#spans.find(covers) ?? (await this.#load(plan, first, end));
    span.used = this.#uses++;
    return tilesBetween(span.tiles, first - span.firstTile, end - span.firstTile);
  }

  /** How many bytes of points it holds. */
  get bytes(): number {
    return this.#spans.reduce((sum, { tiles }) => sum + bytesOf(tiles), 0);
  }

  /** How many points it holds. */
  get points(): number {
    return this.#spans.reduce((sum, { tiles }) => sum + tiles.count, 0);
  }

  /** Loads whole sections, with those of the spans that they overlap. */
  async #load(plan: Plan, first: number, end: number): Promise<Span> {
    const perSection = pointsInSection(plan.features) / tileSizeFor(plan.features);
    const total = tileCount({ count: plan.count, tileSize: tileSizeFor(plan.features) });
    const near = this.#spans.filter((span) => span.plan === plan.id && span.firstTile < end && span.endTile > first);
    const from = least([first, ...near.map(({ firstTile }) => firstTile)]);
    const to = greatest([end, ...near.map(({ endTile }) => endTile)]);
    const firstTile = Math.floor(from / perSection) * perSection;
    const endTile = Math.min(Math.ceil(to / perSection) * perSection, total);
    this.#spans = this.#spans.filter((span) => !near.includes(span));
    const tileSize = tileSizeFor(plan.features);
    const range = { first: firstTile * tileSize, end: Math.min(endTile * tileSize, plan.count) };
    this.#makeRoom(tilesBytes({ ...plan, count: range.end - range.first }));
    const span = { plan: plan.id, firstTile, endTile, tiles: await this.#read(plan, range), used: 0 };
    this.#spans.push(span);
    return span;
  }

  /** @throws ALLOCATION_FAILED */
  #makeRoom(bytes: number): void {
    if (bytes > this.limit) throw needsMemory(bytes, this.limit);
    this.#spans.sort((a, b) => a.used - b.used);
    while (this.#spans.length > 0 && this.bytes + bytes > this.limit) this.#spans.shift();
  }

  async #read(plan: Plan, range: { readonly first: number; readonly end: number }): Promise<Tiles> {
    const { files, before } = filesOf(plan, range);
    const paths: string[] = [];
    for (const file of files) paths.push(await this.#root.require(file));
    const source = await openFile(paths, { ...plan.read, dtype: plan.dtype });
    try {
      const { missing = "error" } = plan.read;
      const rows = files.reduce((sum, file) => sum + file.rows, 0);
      const wanted = new RangeSource(source, { rows, missing, first: range.first - before, end: range.end - before });
      const tiles = await streamTiles(
        wanted,
        { missing, allocate: (bytes) => new SharedArrayBuffer(bytes) },
        yieldToEvents,
      );
      requireUnscaled(tiles);
      const executor = this.#team.executor(tiles, { cancel: new CancelFlag() });
      await orderPoints(executor, new Uint32Array(new SharedArrayBuffer(4 * tiles.count)), yieldToEvents);
      return transformedTiles(plan, tiles);
    } finally {
      await source.close();
    }
  }
}

/** The points as the mixture sees them. @throws INVALID_POINTS, OVERFLOW */
function transformedTiles({ transforms, read, files }: Plan, tiles: TilesInMemory): Tiles {
  if (transforms === null) return tiles;
  const paths = files.map(({ path }) => path);
  const placeOf = (_: number, column: number) => {
    const name = read.columns?.[column] ?? `${column}`;
    return { words: `a row of ${paths.join(", ")}, column ${JSON.stringify(name)}`, details: { paths, column: name } };
  };
  const transformed = transformTiles(tiles, transforms, placeOf);
  requireUnscaled(transformed);
  return transformed;
}

/** @throws OVERFLOW */
function requireUnscaled({ exponents }: Tiles): void {
  if (exponents !== null) throw rangeOfNumbers(exponents.findIndex((exponent) => exponent !== 0));
}

function bytesOf({ data, pointWeights }: Tiles): number {
  return data.byteLength + (pointWeights?.byteLength ?? 0);
}

/** The files that have points of a range, and how many points come before the first of them. */
function filesOf(
  { files }: Pick<Plan, "files">,
  { first, end }: { readonly first: number; readonly end: number },
): { files: PlannedFile[]; before: number } {
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
