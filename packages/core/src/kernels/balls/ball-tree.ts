import { rowsInStretch, type Stretches } from "../../points/stretches.ts";
import { coordinates, type Tiles, tileCount } from "../../points/tiles.ts";
import { NUMBER_BYTES } from "../simd/arithmetic/balls.ts";
import { Region } from "../simd/forms/memory.ts";
import type { SimdProgram } from "../simd/host/compiled.ts";
import { type Call, openModule } from "../simd/host/open-module.ts";
import { FREE_BYTES } from "../simd/language/constants.ts";
import { type Balls, ballsOf, MEMBERS } from "./levels.ts";

type Routines = "sift" | "lower" | "restore" | "nearestOf" | `mass${1 | 2}`;

/** A level as the routines find it: addresses of its coordinates, of its reaches, and of a table of its members. */
export interface Level {
  readonly count: number;
  readonly coordinates: number;
  readonly reaches: number;
  readonly places: number;
}

/** Numbers of balls or of points, rising: where in memory they are, 8 bytes each. */
export interface List {
  readonly start: number;
  readonly end: number;
}

/**
 * Points in balls of eight neighbours, these in balls of eight, and so on, in the memory of one WebAssembly instance.
 * Level 0 has the points. What is near something is found without looking at the rest.
 */
export class BallTree {
  /** of level 1, 2, … */
  readonly balls: readonly Balls[];
  /** by level: members are near what is nearer than this, and a slack; to be written */
  readonly reaches: readonly Float64Array[];
  readonly levels: readonly Level[];
  readonly calls: Readonly<Record<Routines, Call>>;
  readonly buffer: ArrayBuffer;
  /** all memory, by words of 4 bytes */
  readonly words: Uint32Array;
  /** the address of memory for those who use the tree */
  readonly extra: number;
  /** balls of the highest level, each with up to eight of those below; and lists of members by their level */
  readonly #roots: Level;
  readonly #rootList: List;
  readonly #lists: readonly number[];
  readonly #query: Float64Array;
  readonly #queryAt: number;
  readonly #slackAt: number;
  readonly #outEndAt: number;

  /** in: extraBytes, how much memory is wanted besides */
  static *of(program: SimdProgram, tiles: Tiles, extraBytes: number): Stretches<BallTree> {
    const tree = new BallTree(program, tiles, yield* ballsOf(tiles), extraBytes);
    yield* tree.#fill(tiles);
    return tree;
  }

  private constructor(program: SimdProgram, tiles: Tiles, balls: readonly Balls[], extraBytes: number) {
    const { count, features, tileSize } = tiles;
    this.balls = balls;
    const region = new Region(FREE_BYTES);
    const takeLevel = (own: number): Level => ({
      count: own,
      coordinates: region.take(roundedUp(own, tileSize) * features * 8),
      reaches: region.take(roundedUp(own, MEMBERS) * 8),
      places: region.take(own * 4),
    });
    this.levels = [count, ...this.balls.map((balls) => balls.count)].map(takeLevel);
    this.#roots = takeLevel(Math.ceil((this.levels.at(-1) as Level).count / MEMBERS));
    const listOf = ({ count: own }: Level) => region.take(roundedUp(own, MEMBERS) * NUMBER_BYTES + NUMBER_BYTES);
    this.#lists = this.levels.map(listOf);
    const rootStart = listOf(this.#roots);
    this.#rootList = { start: rootStart, end: rootStart + this.#roots.count * NUMBER_BYTES };
    this.#queryAt = region.take(features * 8);
    this.#slackAt = region.take(8);
    this.#outEndAt = region.take(4);
    this.extra = region.take(extraBytes);
    const { calls, buffer } = openModule<Routines>(program.module, region.end);
    this.calls = calls;
    this.buffer = buffer;
    this.words = new Uint32Array(buffer);
    this.#query = this.numbers(this.#queryAt, features);
    this.reaches = this.levels.map((level) => this.numbers(level.reaches, level.count));
  }

  numbers(address: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.buffer, address, length);
  }

  /** The number at a place of a list. */
  at({ start }: List, place: number): number {
    return this.words[(start + place * NUMBER_BYTES) / 4];
  }

  /** Sets the vector for the next question. out: its address */
  ask(query: Float64Array): number {
    this.#query.set(query);
    return this.#queryAt;
  }

  /** Balls, or points, of a level that the vector last asked about is near to. The list is valid until the next. */
  near(level: number, slack = 0): List {
    let list = this.#rootList;
    for (let above = this.levels.length; above > level && list.end > list.start; above--) {
      list = this.sift(list, above - 1, slack);
    }
    return list;
  }

  /** Those members of some balls that it is near to. in: level, of the members */
  sift(list: List, level: number, slack = 0): List {
    const out = this.#lists[level];
    if (list.end === list.start) return { start: out, end: out };
    this.numbers(this.#slackAt, 1)[0] = slack;
    const { places } = this.levels[level + 1] ?? this.#roots;
    const { reaches, count } = this.levels[level];
    this.calls.sift(this.#queryAt, this.#slackAt, list.start, list.end, places, reaches, out, this.#outEndAt);
    let end = this.words[this.#outEndAt / 4];
    // The last ball may have fewer members than eight.
    while (end > out && this.words[(end - NUMBER_BYTES) / 4] >= count) end -= NUMBER_BYTES;
    return { start: out, end };
  }

  /**
   * Lowers D² where it is smaller to the vector last asked about. in: list, balls of points; addresses of D² and of what it
   * becomes. out: the balls that have such points, valid until the next list of any kind
   */
  lower(list: List, from: number, to: number): List {
    const out = this.#lists[0];
    if (list.end === list.start) return { start: out, end: out };
    this.calls.lower(this.#queryAt, list.start, list.end, this.levels[1].places, from, to, out, this.#outEndAt);
    return { start: out, end: this.words[this.#outEndAt / 4] };
  }

  /** Copies points and balls. */
  *#fill(tiles: Tiles): Stretches<void> {
    const { features, tileSize } = tiles;
    const stretch = rowsInStretch(features);
    const all = coordinates(tiles, 0, tileCount(tiles));
    this.numbers(this.levels[0].coordinates, all.length).set(all);
    for (const [below, { count, centroids }] of this.balls.entries()) {
      const { coordinates } = this.levels[below + 1];
      const data = this.numbers(coordinates, roundedUp(count, tileSize) * features);
      for (let ball = 0; ball < count; ball++) {
        if (ball % stretch === 0) yield;
        const lane = ball % tileSize;
        for (let j = 0; j < features; j++) {
          data[(ball - lane) * features + j * tileSize + lane] = centroids[ball * features + j];
        }
      }
    }
    for (const [below, { places, count }] of [...this.levels.slice(1), this.#roots].entries()) {
      for (let ball = 0; ball < count; ball++) {
        if (ball % stretch === 0) yield;
        const lane = (MEMBERS * ball) % tileSize;
        const first = (MEMBERS * ball - lane) * features + lane;
        this.words[places / 4 + ball] = this.levels[below].coordinates + first * 8;
      }
    }
    const rootWords = this.#rootList.start / 4;
    for (let ball = 0; ball < this.#roots.count; ball++) this.words[rootWords + 2 * ball] = ball;
  }
}

export function roundedUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
