import type { Numbers } from "../../language/setting.ts";
import type { Instance, Span } from "../instance.ts";
import type { Ball } from "./balls.ts";

/** What rounding may add to a reference and take from a height, in parts of the reference. */
const ROUNDING = 2 ** -20;

/** A tile as the projections of the sieve see it (forms/sieve.ts), in 32 bits. */
export class TileView {
  /** of a group of tiles */
  readonly points: Numbers;
  readonly #references: Float64Array;
  readonly #centred: Float32Array;
  readonly #singles: Float32Array;
  #span: Span = { from: 0, points: 0 };
  #isCentred = false;

  constructor({ memory, view, numbers, shape }: Instance) {
    const { features, tileSize } = shape;
    const singles = (address: number, length: number) => new Float32Array(view(0, 0).buffer, address, length);
    this.points = numbers(memory.points, memory.groupPoints * features);
    this.#references = view(memory.references, memory.groupPoints);
    this.#centred = singles(memory.centred, tileSize * features);
    this.#singles = singles(memory.singles, tileSize);
  }

  open(span: Span): void {
    this.#span = span;
    this.#isCentred = false;
  }

  /** The least reference. */
  get floor(): number {
    const { from, points } = this.#span;
    let least = Number.POSITIVE_INFINITY;
    for (let i = from; i < from + points; i++) if (this.#references[i] < least) least = this.#references[i];
    return least;
  }

  /** Takes references as they are now, and the points from the centre of a ball, in its radii. */
  renew({ centre, radius }: Ball): void {
    const { from, points } = this.#span;
    for (let i = 0; i < points; i++) {
      const reference = this.#references[from + i];
      this.#singles[i] = reference - ROUNDING * Math.abs(reference);
    }
    if (this.#isCentred) return;
    this.#isCentred = true;
    const scale = radius[0] > 0 ? 1 / radius[0] : 0;
    for (let j = 0, at = 0, row = from * centre.length; j < centre.length; j++, row += points) {
      const middle = centre[j];
      for (let i = 0; i < points; i++, at++) this.#centred[at] = (this.points[row + i] - middle) * scale;
    }
  }
}
