import { tmpdir } from "node:os";
import {
  greatest,
  least,
  pointsInSection,
  type Tiles,
  tileCount,
  tileSizeFor,
  tilesBetween,
  tilesBytes,
} from "@emix/core";
import { fileOf, type Team } from "@emix/workers";
import type { Plan } from "../../protocol.ts";
import type { Root } from "../root.ts";
import { loadSpan } from "./load-span.ts";

/** Points of a plan in shared memory, or in a file: whole sections, from a tile on. */
interface Span {
  readonly plan: string;
  readonly firstTile: number;
  readonly endTile: number;
  readonly tiles: Tiles;
  /** counts uses */
  used: number;
}

/** Keeps the points that this worker is asked about, loaded once: in a file where they are more than memory may hold. */
export class Spans {
  readonly #root: Root;
  readonly #team: Team;
  /** where files of points are made */
  readonly #folder: string;
  /** bytes of all points in memory together */
  readonly limit: number;
  #spans: Span[] = [];
  #uses = 0;

  constructor(root: Root, team: Team, limit: number, folder: string = tmpdir()) {
    this.#root = root;
    this.#team = team;
    this.limit = limit;
    this.#folder = folder;
  }

  /** The tiles [first, end) of all points of a plan. */
  async tiles(plan: Plan, first: number, end: number): Promise<Tiles> {
    const covers = (span: Span) => span.plan === plan.id && span.firstTile <= first && span.endTile >= end;
    const span = this.#spans.find(covers) ?? (await this.#load(plan, first, end));
    span.used = this.#uses++;
    return tilesBetween(span.tiles, first - span.firstTile, end - span.firstTile);
  }

  /** How many bytes of memory its points take. */
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
    const inMemory = this.#makeRoom(plan, tilesBytes({ ...plan, count: range.end - range.first }));
    for (const each of near) letGo(each);
    const tiles = await loadSpan(plan, range, { root: this.#root, team: this.#team, folder: this.#folder, inMemory });
    fileOf(tiles)?.hold();
    const span = { plan: plan.id, firstTile, endTile, tiles, used: 0 };
    this.#spans.push(span);
    return span;
  }

  /** Points of other fits make room; those that were not used for longest go first. out: whether there is enough */
  #makeRoom(plan: Plan, bytes: number): boolean {
    const others = this.#spans.filter((span) => span.plan !== plan.id).sort((a, b) => a.used - b.used);
    for (const other of others) {
      if (this.bytes + bytes <= this.limit) break;
      this.#spans = this.#spans.filter((span) => span !== other);
      letGo(other);
    }
    return this.bytes + bytes <= this.limit;
  }
}

function letGo({ tiles }: Span): void {
  fileOf(tiles)?.letGo();
}

function bytesOf({ data, pointWeights }: Tiles): number {
  return (ArrayBuffer.isView(data) ? data.byteLength : 0) + (pointWeights?.byteLength ?? 0);
}
