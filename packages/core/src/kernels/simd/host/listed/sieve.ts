import { matrixLength, matrixStart } from "../../../../covariance/shape.ts";
import type { DensityLayout } from "../../../../mixture/density.ts";
import { type PairLists, STAND } from "../../../pair-lists.ts";
import { PROJECTION, SIEVED, SIFTED, type SieveLayout, sieveLayout, TILE } from "../../forms/sieve.ts";
import type { Numbers } from "../../language/setting.ts";
import type { Instance, Span } from "../instance.ts";
import { type Components, roomFor } from "./components.ts";

/** Finds the components that may reach a tile without computing their densities (forms/sieve.ts). */
export class Sieve {
  readonly #instance: Instance;
  readonly #density: DensityLayout;
  readonly #layout: SieveLayout;
  readonly #margins: Float64Array;
  readonly #closeness: Float64Array;
  readonly #distances: Float64Array;
  readonly #inverses: Float64Array;
  readonly #tile: Float64Array;
  /** of a group */
  readonly #points: Numbers;
  readonly #squares: Float64Array;
  readonly #projection: Float64Array;
  readonly #listed: Uint8Array;
  readonly #found: Components;
  /** the components as they stand in the sieve: first the movers */
  readonly #order: Int32Array;
  #parameters: Float64Array | null = null;
  #lists: PairLists | null = null;

  constructor(instance: Instance, density: DensityLayout) {
    const { memory, view, numbers, shape, form } = instance;
    const { features, components } = shape;
    this.#instance = instance;
    this.#density = density;
    this.#layout = sieveLayout(features, form.matrix);
    this.#margins = view(memory.sifted + SIFTED.margin, SIEVED);
    this.#closeness = view(memory.sifted + SIFTED.closeness, SIEVED);
    this.#distances = view(memory.sifted + SIFTED.distance, SIEVED);
    this.#inverses = view(memory.sifted + SIFTED.inverse, SIEVED);
    this.#tile = view(memory.tile, TILE.centre / 8 + features);
    this.#points = numbers(memory.points, memory.groupPoints * features);
    this.#squares = new Float64Array(shape.tileSize);
    this.#projection = view(memory.projection, PROJECTION.bytes / 8);
    this.#listed = new Uint8Array(components);
    this.#found = roomFor(components);
    this.#order = new Int32Array(components);
  }

  /** in: parameters, of the mixture, from now on */
  load(parameters: Float64Array): void {
    this.#parameters = parameters;
    this.#lists = null;
  }

  /**
   * The components that may come within the skin of a point's reference, rising; only movers, or all.
   * in: floor, the least reference of the tile; listed, components that are not asked about
   */
  sift(
    span: Span,
    tile: number,
    { lists, floor, all, listed }: { lists: PairLists; floor: number; all: boolean; listed: Components },
  ): Components {
    if (this.#lists !== lists) this.#fill(lists);
    this.#openTile(span, tile, lists);
    this.#tile[TILE.floor / 8] = floor;
    const found = this.#found;
    found.count = 0;
    for (let i = 0; i < listed.count; i++) this.#listed[listed.numbers[i]] = 1;
    const asked = all ? this.#order.length : lists.movers.length;
    for (let first = 0; first < asked; first += SIEVED) {
      this.#instance.sieve(this.#instance.memory.sieve + (first / SIEVED) * this.#layout.bytes);
      const lanes = Math.min(SIEVED, asked - first);
      for (let lane = 0; lane < lanes; lane++) {
        const component = this.#order[first + lane];
        if (this.#listed[component] === 1 || this.#margins[lane] < 0) continue;
        if (this.#mayReach(span, lane, component, lists)) found.numbers[found.count++] = component;
      }
    }
    for (let i = 0; i < listed.count; i++) this.#listed[listed.numbers[i]] = 0;
    if (all) found.numbers.subarray(0, found.count).sort();
    return found;
  }

  /** A component that is close to a point, or to the centre of the tile. in: point, of the group */
  nearest(span: Span, tile: number, { lists, point }: { lists: PairLists; point: number | null }): number {
    if (this.#lists !== lists) this.#fill(lists);
    this.#openTile(span, tile, lists);
    if (point !== null) this.#openPoint(point, span.points);
    let nearest = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (let first = 0; first < this.#order.length; first += SIEVED) {
      this.#instance.closeness(this.#instance.memory.sieve + (first / SIEVED) * this.#layout.bytes);
      for (let lane = 0; lane < Math.min(SIEVED, this.#order.length - first); lane++) {
        if (!(this.#closeness[lane] > most)) continue;
        most = this.#closeness[lane];
        nearest = this.#order[first + lane];
      }
    }
    return nearest;
  }

  /** tile ← a point as its centre */
  #openPoint(point: number, tileSize: number): void {
    const { features } = this.#instance.shape;
    const lane = point % tileSize;
    const start = (point - lane) * features + lane;
    for (let j = 0; j < features; j++) this.#tile[TILE.centre / 8 + j] = this.#points[start + j * tileSize];
  }

  #mayReach(span: Span, lane: number, component: number, { stands }: PairLists): boolean {
    this.#projection[PROJECTION.reach / 8] = stands[component * STAND.length + STAND.reach];
    this.#projection[PROJECTION.distance / 8] = this.#distances[lane];
    this.#projection[PROJECTION.inverse / 8] = this.#inverses[lane];
    return this.#instance.mayReach(span, lane);
  }

  /** tile ← its centre and radius, found if that was not done before. */
  #openTile(span: Span, tile: number, { radii, centres }: PairLists): void {
    const { features } = this.#instance.shape;
    const centre = centres.subarray(tile * features, (tile + 1) * features);
    if (radii[tile] < 0) radii[tile] = this.#findBall(span, centre);
    this.#tile.set(centre, TILE.centre / 8);
    this.#tile[TILE.radius / 8] = radii[tile];
  }

  /** The radius about the centre as it is rounded. out: centre, d */
  #findBall({ from, points }: Span, centre: Float64Array): number {
    const [data, squares] = [this.#points, this.#squares.fill(0)];
    for (let j = 0, row = from * centre.length; j < centre.length; j++, row += points) {
      let sum = 0;
      for (let i = 0; i < points; i++) sum += data[row + i];
      const mean = sum / points;
      centre[j] = mean;
      for (let i = 0; i < points; i++) {
        const distance = data[row + i] - mean;
        squares[i] += distance * distance;
      }
    }
    let most = 0;
    for (let i = 0; i < points; i++) if (!(squares[i] <= most)) most = squares[i];
    return Math.sqrt(most) * (1 + 2 ** -40);
  }

  /** Writes all components, eight side by side. */
  #fill(lists: PairLists): void {
    this.#lists = lists;
    const order = this.#order;
    order.set(lists.movers);
    for (let component = 0, mover = 0, i = lists.movers.length; component < order.length; component++) {
      if (lists.movers[mover] === component) mover++;
      else order[i++] = component;
    }
    for (let i = 0; i < order.length; i++) this.#write(i, order[i], lists.stands);
  }

  #write(place: number, component: number, stands: Float64Array): void {
    const parameters = this.#parameters as Float64Array;
    const { instance, layout, density } = { instance: this.#instance, layout: this.#layout, density: this.#density };
    const { features, covarianceType } = density;
    const lane = place % SIEVED;
    const block = instance.memory.sieve + ((place - lane) / SIEVED) * layout.bytes;
    const out = instance.view(block, layout.bytes / 8);
    const stand = component * STAND.length;
    out[layout.reach / 8 + lane] = stands[stand + STAND.reach];
    out[layout.keep / 8 + lane] = stands[stand + STAND.keep];
    out[layout.absolute / 8 + lane] = stands[stand + STAND.absolute];
    out[layout.spread / 8 + lane] = stands[stand + STAND.spread];
    out[layout.curvature / 8 + lane] = stands[stand + STAND.curvature];
    const row = component * features;
    for (let j = 0; j < features; j++) {
      out[layout.pivot / 8 + j * SIEVED + lane] = parameters[density.pivots + row + j];
      out[layout.biases / 8 + j * SIEVED + lane] = -parameters[density.biases + row + j];
    }
    const factor = density.factors + matrixStart(covarianceType, component, features);
    const length = matrixLength(instance.form.matrix, features);
    const rows = instance.form.matrix === "triangle" ? length : features;
    for (let i = 0; i < rows; i++) out[layout.factor / 8 + i * SIEVED + lane] = parameters[factor + (i % length)];
  }
}
