import { type Tiles, tileSizeFor } from "../../points/tiles.ts";
import type { SimdProgram } from "../simd/host/compiled.ts";
import { BallTree, type List, roundedUp } from "./ball-tree.ts";
import { MEMBERS } from "./levels.ts";

/** Covers the rounding of computed distances, and squares that underflow. */
const RELATIVE = 1 + 1e-9;
const ABSOLUTE = 2 ** -500;

/** Centres in balls, and places for a tile of points that look for theirs. */
export class CentreTree {
  /** B × d as points are stored: a tile of points, to be written */
  readonly points: Float64Array;
  /** B: the number of the nearest centre of each point */
  readonly labels: Int32Array;
  readonly #tree: BallTree;
  readonly #centres: Float64Array;
  readonly #features: number;
  readonly #tileSize: number;
  readonly #pointsAt: number;
  readonly #squaredAt: number;
  readonly #found: Uint32Array;
  readonly #foundAt: number;
  readonly #rowsAt: number;
  readonly #means: Float64Array;
  readonly #mean: Float64Array;
  #hint = 0;

  /** in: centres, k × d */
  constructor(program: SimdProgram, centres: Float64Array, features: number) {
    const tileSize = tileSizeFor(features);
    const count = centres.length / features;
    const bytes = tileSize * features * 8;
    this.#centres = centres;
    this.#features = features;
    this.#tileSize = tileSize;
    const rows = roundedUp(count * 4, 64);
    this.#tree = new BallTree(program, tilesOf(centres, features), bytes + tileSize * 16 + rows + centres.length * 8);
    const { extra, buffer, words, reaches, balls } = this.#tree;
    this.#pointsAt = extra;
    this.#squaredAt = extra + bytes;
    this.#foundAt = this.#squaredAt + tileSize * 8;
    this.#rowsAt = this.#foundAt + tileSize * 8;
    const centresAt = this.#rowsAt + rows;
    this.points = this.#tree.numbers(this.#pointsAt, tileSize * features);
    this.#found = new Uint32Array(buffer, this.#foundAt, 2 * tileSize);
    this.labels = new Int32Array(tileSize);
    this.#tree.numbers(centresAt, centres.length).set(centres);
    for (let c = 0; c < count; c++) words[this.#rowsAt / 4 + c] = centresAt + c * features * 8;
    balls.forEach(({ radii }, below) => void reaches[below + 1].set(radii));
    this.#means = new Float64Array((tileSize / MEMBERS) * features);
    this.#mean = new Float64Array(features);
  }

  /** Finds the nearest centre of each point of the tile. */
  find(): void {
    const { features, tileSize } = { features: this.#features, tileSize: this.#tileSize };
    const strips = tileSize / MEMBERS;
    for (let strip = 0; strip < strips; strip++) this.#setMean(strip);
    this.#mean.fill(0);
    for (let at = 0; at < this.#means.length; at++) this.#mean[at % features] += this.#means[at] / strips;
    this.#tree.ask(this.#mean);
    const near = this.#tree.near(1, this.#slack(this.#mean, 0, tileSize));
    for (let strip = 0; strip < strips; strip++) this.#findStrip(strip, near);
    for (let lane = 0; lane < tileSize; lane++) this.labels[lane] = this.#found[2 * lane];
  }

  /** in: near, balls of centres */
  #findStrip(strip: number, near: List): void {
    const mean = this.#means.subarray(strip * this.#features, (strip + 1) * this.#features);
    const first = strip * MEMBERS;
    const slack = this.#slack(mean, first, first + MEMBERS);
    this.#tree.ask(mean);
    const { start, end } = this.#tree.sift(near, 0, slack);
    const [squared, labels] = [this.#squaredAt, this.#foundAt].map((address) => address + first * 8);
    this.#tree.calls.nearestOf(this.#pointsAt + first * 8, start, end, this.#rowsAt, squared, labels);
    this.#hint = this.#found[2 * first];
  }

  #setMean(strip: number): void {
    for (let j = 0; j < this.#features; j++) {
      const from = j * this.#tileSize + strip * MEMBERS;
      let sum = 0;
      for (let lane = from; lane < from + MEMBERS; lane++) sum += this.points[lane];
      this.#means[strip * this.#features + j] = sum / MEMBERS;
    }
  }

  /** How far from the vector a centre may be to be the nearest of one of the points [first, end). */
  #slack(vector: Float64Array, first: number, end: number): number {
    let [radius, farthest] = [0, 0];
    const hint = this.#hint * this.#features;
    for (let lane = first; lane < end; lane++) {
      let [own, known] = [0, 0];
      for (let j = 0, at = lane; j < this.#features; j++, at += this.#tileSize) {
        own += (this.points[at] - vector[j]) ** 2;
        known += (this.points[at] - this.#centres[hint + j]) ** 2;
      }
      radius = Math.max(radius, own);
      farthest = Math.max(farthest, known);
    }
    return (Math.sqrt(radius) + Math.sqrt(farthest)) * RELATIVE + ABSOLUTE;
  }
}

/** Centres as points. */
function tilesOf(centres: Float64Array, features: number): Tiles {
  const count = centres.length / features;
  const tileSize = tileSizeFor(features);
  const data = new Float64Array(roundedUp(count, tileSize) * features);
  for (let c = 0; c < count; c++) {
    const lane = c % tileSize;
    for (let j = 0; j < features; j++) data[(c - lane) * features + j * tileSize + lane] = centres[c * features + j];
  }
  const plain = { pointWeights: null, exponents: null, dropped: null, order: null };
  return { count, features, dtype: "f64", tileSize, data, ...plain };
}
