import type { Numbers } from "../../language/setting.ts";
import type { Instance, Span } from "../instance.ts";

/** What rounding may add to a reference and take from a height, in parts of the reference. */
const ROUNDING = 2 ** -20;

/** A tile as the projections of the sieve see it (forms/sieve.ts), in 32 bits. */
export class TileView {
  /** of a group of tiles */
  readonly points: Numbers;
  readonly #references: Float64Array;
  readonly #instance: Instance;
  readonly #singles: Float32Array;
  #span: Span = { from: 0, points: 0 };
  #isCentred = false;

  constructor(instance: Instance) {
    const { memory, view, numbers, shape } = instance;
    const { features, tileSize } = shape;
    this.#instance = instance;
    this.points = numbers(memory.points, memory.groupPoints * features);
    this.#references = view(memory.references, memory.groupPoints);
    this.#singles = new Float32Array(view(0, 0).buffer, memory.singles, tileSize);
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

  /** Takes references as they are now, and the points from the centre of the group. */
  renew(): void {
    const { from, points } = this.#span;
    for (let i = 0; i < points; i++) {
      const reference = this.#references[from + i];
      this.#singles[i] = reference - ROUNDING * Math.abs(reference);
    }
    if (!this.#isCentred) this.#instance.centre(this.#span);
    this.#isCentred = true;
  }
}
