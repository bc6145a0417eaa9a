import { tilesOfRows } from "../../points/gather.ts";
import { atOnce } from "../../points/stretches.ts";
import { tileSizeFor } from "../../points/tiles.ts";
import { NUMBER_BYTES } from "../simd/arithmetic/balls.ts";
import type { SimdProgram } from "../simd/host/compiled.ts";
import { BallTree, type List, roundedUp } from "./ball-tree.ts";
import { MEMBERS } from "./levels.ts";

/** Covers the rounding of computed distances, and squares that underflow. */
const RELATIVE = 1 + 1e-9;
const ABSOLUTE = 2 ** -500;

/** How many of the centres found last serve as a first guess. */
const GUESSED = 24;

/**
 * Centres in balls, and places for a tile of points that look for theirs. Points of a tile are sorted by the nearest of
 * some centres, so that a strip of eight has neighbours, and then each strip looks for all centres that may be nearer.
 */
export class CentreTree {
  /** B × d as points are stored: a tile of points, to be written */
  readonly points: Float64Array;
  /** B: the number of the nearest centre of each point */
  readonly labels: Int32Array;
  readonly #tree: BallTree;
  readonly #tileSize: number;
  readonly #rowsAt: number;
  /** the tile as it came, and sorted; d coordinates of a point are B apart */
  readonly #givenAt: number;
  readonly #sortedAt: number;
  readonly #sorted: Float64Array;
  /** the addresses, for the sorted points, of D² to a centre and of its number, in 8 bytes */
  readonly #squaredAt: number;
  readonly #squared: Float64Array;
  readonly #foundAt: number;
  readonly #found: Uint32Array;
  readonly #guessesAt: number;
  #guesses: number[] = [0];
  /** label · B + lane of each point, sorted */
  readonly #keys: Float64Array;
  readonly #mean: Float64Array;

  /** in: centres, k × d */
  constructor(program: SimdProgram, centres: Float64Array, features: number) {
    const tileSize = tileSizeFor(features);
    const count = centres.length / features;
    this.#tileSize = tileSize;
    const tileBytes = tileSize * features * 8;
    const rows = roundedUp(count * 4, 64);
    const extraBytes = 2 * tileBytes + tileSize * 16 + GUESSED * NUMBER_BYTES + rows + centres.length * 8;
    this.#tree = atOnce(BallTree.of(program, tilesOfRows(centres, features), extraBytes));
    const { extra, buffer, words, balls } = this.#tree;
    this.#givenAt = extra;
    this.#sortedAt = extra + tileBytes;
    this.#squaredAt = this.#sortedAt + tileBytes;
    this.#foundAt = this.#squaredAt + tileSize * 8;
    this.#guessesAt = this.#foundAt + tileSize * 8;
    this.#rowsAt = this.#guessesAt + GUESSED * NUMBER_BYTES;
    const centresAt = this.#rowsAt + rows;
    this.points = this.#tree.numbers(this.#givenAt, tileSize * features);
    this.#sorted = this.#tree.numbers(this.#sortedAt, tileSize * features);
    this.#squared = this.#tree.numbers(this.#squaredAt, tileSize);
    this.#found = new Uint32Array(buffer, this.#foundAt, 2 * tileSize);
    this.labels = new Int32Array(tileSize);
    this.#keys = new Float64Array(tileSize);
    this.#mean = new Float64Array(features);
    this.#tree.numbers(centresAt, centres.length).set(centres);
    for (let c = 0; c < count; c++) words[this.#rowsAt / 4 + c] = centresAt + c * features * 8;
    balls.forEach(({ radii }, below) => {
      radii.forEach((radius, ball) => void this.#tree.setReach(below + 1, ball, radius));
    });
  }

  /** Finds the nearest centre of each point of the tile. */
  find(): void {
    const tileSize = this.#tileSize;
    this.#squared.fill(Number.POSITIVE_INFINITY);
    for (let first = 0; first < tileSize; first += MEMBERS) this.#nearestOf(this.#givenAt, first, this.#guess());
    this.#sort();
    this.#squared.fill(Number.POSITIVE_INFINITY);
    for (let first = 0; first < tileSize; first += MEMBERS) this.#findStrip(first);
    for (let place = 0; place < tileSize; place++) this.labels[this.#keys[place] % tileSize] = this.#found[2 * place];
  }

  #findStrip(first: number): void {
    this.#nearestOf(this.#sortedAt, first, this.#guess());
    const slack = this.#slack(first);
    // The guess must be found again, for a lower number may be as near.
    for (let lane = first; lane < first + MEMBERS; lane++)
      this.#squared[lane] = this.#squared[lane] * RELATIVE + ABSOLUTE;
    this.#tree.ask(this.#mean);
    this.#nearestOf(this.#sortedAt, first, this.#tree.near(0, slack));
    let last = this.#guesses[0];
    for (let lane = first; lane < first + MEMBERS; lane++) {
      if (this.#found[2 * lane] === last) continue;
      last = this.#found[2 * lane];
      this.#guesses = [last, ...this.#guesses.filter((other) => other !== last)].slice(0, GUESSED);
    }
  }

  /** The centres found last. */
  #guess(): List {
    this.#guesses.forEach((centre, i) => {
      this.#tree.words[this.#guessesAt / 4 + 2 * i] = centre;
    });
    return { start: this.#guessesAt, end: this.#guessesAt + this.#guesses.length * NUMBER_BYTES };
  }

  /** squared, found ← the nearest of some centres for a strip. in: the address of a tile, the first point of the strip */
  #nearestOf(tile: number, first: number, { start, end }: List): void {
    const offset = first * 8;
    this.#tree.calls.nearestOf(
      tile + offset,
      start,
      end,
      this.#rowsAt,
      this.#squaredAt + offset,
      this.#foundAt + offset,
    );
  }

  #sort(): void {
    const tileSize = this.#tileSize;
    const keys = this.#keys;
    for (let lane = 0; lane < tileSize; lane++) keys[lane] = this.#found[2 * lane] * tileSize + lane;
    keys.sort();
    for (let place = 0; place < tileSize; place++) {
      const lane = keys[place] % tileSize;
      for (let j = 0; j < this.points.length; j += tileSize) this.#sorted[j + place] = this.points[j + lane];
    }
  }

  /** mean ← that of a strip. out: how far from it a centre may be to be the nearest of one of the points */
  #slack(first: number): number {
    const [mean, tileSize] = [this.#mean, this.#tileSize];
    let [radius, farthest] = [0, 0];
    for (let j = 0; j < mean.length; j++) {
      let sum = 0;
      for (let lane = first; lane < first + MEMBERS; lane++) sum += this.#sorted[j * tileSize + lane];
      mean[j] = sum / MEMBERS;
    }
    for (let lane = first; lane < first + MEMBERS; lane++) {
      let squares = 0;
      for (let j = 0, at = lane; j < mean.length; j++, at += tileSize) squares += (this.#sorted[at] - mean[j]) ** 2;
      radius = Math.max(radius, squares);
      farthest = Math.max(farthest, this.#squared[lane]);
    }
    return (Math.sqrt(radius) + Math.sqrt(farthest)) * RELATIVE + ABSOLUTE;
  }
}
