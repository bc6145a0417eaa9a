import { rowsInStretch, type Stretches } from "../../points/stretches.ts";
import { coordinates, type Tiles, tileCount } from "../../points/tiles.ts";
import { NUMBER_BYTES } from "../simd/arithmetic/balls.ts";
import { Region } from "../simd/forms/memory.ts";
import type { SimdProgram } from "../simd/host/compiled.ts";
import { type Call, openModule } from "../simd/host/open-module.ts";
import { FREE_BYTES } from "../simd/language/constants.ts";
import { type Balls, ballsOf, MEMBERS, middleOf, sizeAbout } from "./levels.ts";

type Routines = "sift" | "lower" | "restore" | "nearestOf" | `mass${1 | 2}`;

/**
 * A level as the routines find it: addresses of its coordinates from the origin and of its reaches, both in units of the tree
 * and in 32 bits, and of a table of its members.
 */
interface Level {
  readonly count: number;
  readonly coordinates: number;
  readonly reaches: number;
  readonly places: number;
}

/** What rounding to 32 bits may change of a coordinate, or of a distance by each feature, with much to spare. */
const ROUNDING = 2 ** -22;
/** Vectors that are farther than so many units could have infinite distances: all balls are near to them. */
const FARTHEST_QUERY = 1e12;
const NEAR_ALL = 1e15;

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
  /** the balls of levels 1, 2, … */
  readonly balls: readonly Balls[];
  readonly #levels: readonly Level[];
  /** by level */
  readonly #reaches: readonly Float32Array[];
  /** the middle of all balls, and one over the distance from there to the farthest point */
  readonly #origin: Float64Array;
  readonly #scale: number;
  /** addresses of points and of the table of the first ones of balls */
  readonly #pointsAt: number;
  readonly #pointPlaces: number;
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
  /** the same from the origin, in units of the tree */
  readonly #single: Float32Array;
  readonly #singleAt: number;
  /** what is added to reaches for the query, in units of the tree */
  #margin = 0;
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
    this.#origin = middleOf(balls, features);
    const size = sizeAbout(balls[0], this.#origin);
    this.#scale = size > 0 ? 1 / size : 0;
    const region = new Region(FREE_BYTES);
    const takeLevel = (own: number): Level => ({
      count: own,
      coordinates: region.take(roundedUp(own, tileSize) * features * 4),
      reaches: region.take(roundedUp(own, MEMBERS) * 4),
      places: region.take(own * 4),
    });
    this.#levels = [count, ...this.balls.map((balls) => balls.count)].map(takeLevel);
    this.#roots = takeLevel(Math.ceil((this.#levels.at(-1) as Level).count / MEMBERS));
    const listOf = ({ count: own }: Level) => region.take(roundedUp(own, MEMBERS) * NUMBER_BYTES + NUMBER_BYTES);
    this.#lists = this.#levels.map(listOf);
    this.#pointsAt = region.take(roundedUp(count, tileSize) * features * 8);
    this.#pointPlaces = region.take(this.#levels[1].count * 4);
    const rootStart = listOf(this.#roots);
    this.#rootList = { start: rootStart, end: rootStart + this.#roots.count * NUMBER_BYTES };
    this.#queryAt = region.take(features * 8);
    this.#singleAt = region.take(features * 4);
    this.#slackAt = region.take(4);
    this.#outEndAt = region.take(4);
    this.extra = region.take(extraBytes);
    const { calls, buffer } = openModule<Routines>(program.module, region.end);
    this.calls = calls;
    this.buffer = buffer;
    this.words = new Uint32Array(buffer);
    this.#query = this.numbers(this.#queryAt, features);
    this.#single = this.#singles(this.#singleAt, features);
    this.#reaches = this.#levels.map((level) => this.#singles(level.reaches, level.count));
  }

  numbers(address: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.buffer, address, length);
  }

  #singles(address: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.buffer, address, length);
  }

  /** Members of a ball, or a point, are near what is nearer than this, and a slack. in: level, 0 for points */
  setReach(level: number, ball: number, reach: number): void {
    this.#reaches[level][ball] = reach * this.#scale * (1 + (this.#query.length + 16) * ROUNDING);
  }

  /** The number at a place of a list. */
  at({ start }: List, place: number): number {
    return this.words[(start + place * NUMBER_BYTES) / 4];
  }

  /** Sets the vector for the next question. out: its address */
  ask(query: Float64Array): number {
    this.#query.set(query);
    let squares = 0;
    for (let j = 0; j < query.length; j++) {
      const away = (query[j] - this.#origin[j]) * this.#scale;
      this.#single[j] = away;
      squares += away * away;
    }
    const isFar = !(squares < FARTHEST_QUERY ** 2);
    if (isFar) this.#single.fill(0);
    this.#margin = isFar ? NEAR_ALL : ROUNDING * (1 + Math.sqrt(squares));
    return this.#queryAt;
  }

  /** Balls, or points, of a level that the vector last asked about is near to. The list is valid until the next. */
  near(level: number, slack = 0): List {
    let list = this.#rootList;
    for (let above = this.#levels.length; above > level && list.end > list.start; above--) {
      list = this.sift(list, above - 1, slack);
    }
    return list;
  }

  /** Those members of some balls that it is near to. in: level, of the members */
  sift(list: List, level: number, slack = 0): List {
    const out = this.#lists[level];
    if (list.end === list.start) return { start: out, end: out };
    const wider = slack * this.#scale * (1 + (this.#query.length + 16) * ROUNDING);
    this.#singles(this.#slackAt, 1)[0] = Math.min(wider, NEAR_ALL) + this.#margin;
    const { places } = this.#levels[level + 1] ?? this.#roots;
    const { reaches, count } = this.#levels[level];
    this.calls.sift(this.#singleAt, this.#slackAt, list.start, list.end, places, reaches, out, this.#outEndAt);
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
    this.calls.lower(this.#queryAt, list.start, list.end, this.#pointPlaces, from, to, out, this.#outEndAt);
    return { start: out, end: this.words[this.#outEndAt / 4] };
  }

  /** A list of balls of points, as it was: valid until the next list of any kind. in: its words */
  listed(words: Uint32Array): List {
    const start = this.#lists[0];
    this.words.set(words, start / 4);
    return { start, end: start + 4 * words.length };
  }

  /** Copies points and balls. */
  *#fill(tiles: Tiles): Stretches<void> {
    const { features, tileSize } = tiles;
    const stretch = rowsInStretch(features);
    const all = coordinates(tiles, 0, tileCount(tiles));
    this.numbers(this.#pointsAt, all.length).set(all);
    const points = this.#singles(this.#levels[0].coordinates, all.length);
    for (let row = 0; row < all.length; row += tileSize) {
      if (row % (stretch * features) === 0) yield;
      this.#fillRow(points, all, { row, tileSize, middle: this.#origin[(row / tileSize) % features] });
    }
    for (const [below, { count, centroids }] of this.balls.entries()) {
      const { coordinates } = this.#levels[below + 1];
      const data = this.#singles(coordinates, roundedUp(count, tileSize) * features);
      for (let ball = 0; ball < count; ball++) {
        if (ball % stretch === 0) yield;
        const lane = ball % tileSize;
        for (let j = 0; j < features; j++) {
          const away = (centroids[ball * features + j] - this.#origin[j]) * this.#scale;
          data[(ball - lane) * features + j * tileSize + lane] = away;
        }
      }
    }
    for (const [below, { places, count }] of [...this.#levels.slice(1), this.#roots].entries()) {
      for (let ball = 0; ball < count; ball++) {
        if (ball % stretch === 0) yield;
        const lane = (MEMBERS * ball) % tileSize;
        const first = (MEMBERS * ball - lane) * features + lane;
        this.words[places / 4 + ball] = this.#levels[below].coordinates + first * 4;
        if (below === 0) this.words[this.#pointPlaces / 4 + ball] = this.#pointsAt + first * 8;
      }
    }
    const rootWords = this.#rootList.start / 4;
    for (let ball = 0; ball < this.#roots.count; ball++) this.words[rootWords + 2 * ball] = ball;
  }

  #fillRow(to: Float32Array, from: ArrayLike<number>, { row, tileSize, middle }: RowOfTile): void {
    for (let i = row; i < row + tileSize; i++) to[i] = (from[i] - middle) * this.#scale;
  }
}

interface RowOfTile {
  readonly row: number;
  readonly tileSize: number;
  readonly middle: number;
}

export function roundedUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
