/** How many features a direction has. More would cost time for each point, and part points hardly better. */
export const DIRECTION_FEATURES = 4;
/** Points that are looked at for a direction, and fewer where they are wide. */
const MOST_POINTS = 32;
const MOST_NUMBERS = 4096;
const LEAST_POINTS = 8;
/** Steps of the power iteration in few features. */
const STEPS = 2;

/** A direction in few of the features. */
export interface Direction {
  /** DIRECTION_FEATURES of them, rising; unused ones are 0 and have the coefficient 0 */
  readonly features: Int32Array;
  readonly coefficients: Float64Array;
}

/** Finds directions in which points spread most. It is asked thousands of times, so it makes few arrays on the way. */
export class DirectionFinder {
  readonly #points: Float64Array;
  readonly #features: number;
  /** some × d, about their mean */
  readonly #few: Float64Array;
  /** d */
  readonly #widest: Float64Array;
  readonly #found: Direction;
  /** the used part of `#found`, and another such vector */
  readonly #kept: Direction;
  readonly #next: Float64Array;

  /** in: points, size × d */
  constructor(points: Float64Array, features: number) {
    const some = Math.max(LEAST_POINTS, Math.min(MOST_POINTS, Math.floor(MOST_NUMBERS / features)));
    const used = Math.min(features, DIRECTION_FEATURES);
    this.#points = points;
    this.#features = features;
    this.#few = new Float64Array(some * features);
    this.#widest = new Float64Array(features);
    this.#found = {
      features: new Int32Array(DIRECTION_FEATURES),
      coefficients: new Float64Array(DIRECTION_FEATURES),
    };
    this.#kept = {
      features: this.#found.features.subarray(0, used),
      coefficients: this.#found.coefficients.subarray(0, used),
    };
    this.#next = new Float64Array(used);
  }

  /**
   * The direction of the points at indices[from … end), of length 1 and valid until the next is found; null if they do
   * not spread.
   */
  find(indices: Uint32Array, from: number, end: number): Direction | null {
    const few = this.#gather(indices, from, end);
    spread(few, farthest(few, this.#features), this.#widest);
    if (!makeUnit(this.#widest) && !this.#toFirstOther(indices.subarray(from, end))) return null;
    const { features, coefficients } = this.#kept;
    chooseLargest(this.#widest, features);
    for (let i = 0; i < features.length; i++) coefficients[i] = this.#widest[features[i]];
    for (let step = 0; step < STEPS; step++) {
      spreadIn(few, this.#features, this.#kept, this.#next);
      if (makeUnit(this.#next)) coefficients.set(this.#next);
    }
    return this.#found;
  }

  /** The direction to the first point that is unlike the first one. out: false if there is none */
  #toFirstOther(indices: Uint32Array): boolean {
    const features = this.#features;
    const rows = Array.from(indices, (index) => this.#points.subarray(index * features, (index + 1) * features));
    const other = rows.find((row) => row.some((value, j) => value !== rows[0][j]));
    if (other === undefined) return false;
    for (let j = 0; j < features; j++) this.#widest[j] = other[j] - rows[0][j];
    return makeUnit(this.#widest);
  }

  /** Some of the points, spread evenly, about their mean. */
  #gather(indices: Uint32Array, from: number, end: number): Float64Array {
    const features = this.#features;
    const count = Math.min(end - from, this.#few.length / features);
    for (let i = 0; i < count; i++) {
      const start = indices[from + Math.floor((i * (end - from)) / count)] * features;
      for (let j = 0; j < features; j++) this.#few[i * features + j] = this.#points[start + j];
    }
    const few = this.#few.subarray(0, count * features);
    for (let j = 0; j < features; j++) centre(few, features, j);
    return few;
  }
}

/** Takes the mean of a column off. */
function centre(rows: Float64Array, features: number, column: number): void {
  let sum = 0;
  for (let at = column; at < rows.length; at += features) sum += rows[at];
  const mean = (sum * features) / rows.length;
  for (let at = column; at < rows.length; at += features) rows[at] -= mean;
}

/** Where the row begins that is farthest from 0. */
function farthest(rows: Float64Array, features: number): number {
  let most = -1;
  let found = 0;
  for (let start = 0; start < rows.length; start += features) {
    let squares = 0;
    for (let at = start; at < start + features; at++) squares += rows[at] * rows[at];
    if (squares <= most) continue;
    most = squares;
    found = start;
  }
  return found;
}

/** XᵀX v, a step of the power iteration. in: rows X, of which v begins at `at` */
function spread(rows: Float64Array, at: number, out: Float64Array): void {
  const features = out.length;
  out.fill(0);
  for (let start = 0; start < rows.length; start += features) {
    let along = 0;
    for (let j = 0; j < features; j++) along += rows[start + j] * rows[at + j];
    for (let j = 0; j < features; j++) out[j] += along * rows[start + j];
  }
}

/** The same in few of the features. */
function spreadIn(rows: Float64Array, width: number, { features, coefficients }: Direction, out: Float64Array): void {
  out.fill(0);
  for (let start = 0; start < rows.length; start += width) {
    let along = 0;
    for (let i = 0; i < out.length; i++) along += rows[start + features[i]] * coefficients[i];
    for (let i = 0; i < out.length; i++) out[i] += along * rows[start + features[i]];
  }
}

/** out: the places of the numbers with the greatest sizes, rising; of a tie, the first */
function chooseLargest(values: Float64Array, out: Int32Array): void {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < out.length; i++) {
    // Those chosen before are larger, or as large and further to the front.
    let next = -1;
    const last = i === 0 ? -1 : out[i - 1];
    for (let j = 0; j < values.length; j++) {
      const size = Math.abs(values[j]);
      if (size > least || (size === least && j <= last)) continue;
      if (next < 0 || size > Math.abs(values[next])) next = j;
    }
    out[i] = next;
    least = Math.abs(values[next]);
  }
  out.sort();
}

/** in/out: a vector, its length then 1; false if that cannot be */
function makeUnit(vector: Float64Array): boolean {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += vector[i] * vector[i];
  if (!(squares > 0)) return false;
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i] *= scale;
  return true;
}
