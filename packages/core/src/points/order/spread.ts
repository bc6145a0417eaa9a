/** Rows that are looked at: more say little more about where many spread. */
const MOST_POINTS = 16;
/** Of so few rows, the one that is farthest from their mean says enough. */
const FEW_POINTS = 64;

/** Finds a direction, of all features, in which rows spread much. It is asked for every few rows, so it makes no arrays. */
export class Spread {
  /** width, of length 1 */
  readonly direction: Float64Array;
  readonly #rows: Float32Array;
  readonly #width: number;
  /** some × width, about their mean */
  readonly #few: Float64Array;
  readonly #next: Float64Array;

  /** in: rows, n × width, which is even */
  constructor(rows: Float32Array, width: number) {
    this.direction = new Float64Array(width);
    this.#rows = rows;
    this.#width = width;
    this.#few = new Float64Array(MOST_POINTS * width);
    this.#next = new Float64Array(width);
  }

  /**
   * direction ← from the mean of some rows to the one that is farthest from it; of many rows, turned to where they spread
   * most by a step of the power iteration. in: the rows at indices[from … end). out: false if they do not spread
   */
  find(indices: Uint32Array, from: number, end: number): boolean {
    const count = Math.min(end - from, MOST_POINTS);
    this.#gather(indices, from, end, count);
    const farthest = this.#centre(count);
    if (farthest < 0) return false;
    const [few, direction] = [this.#few, this.direction];
    for (let j = 0; j < direction.length; j++) direction[j] = few[farthest + j];
    if (end - from > FEW_POINTS) this.#turn(count);
    makeUnit(direction);
    return true;
  }

  /** few ← some rows; direction ← their mean */
  #gather(indices: Uint32Array, from: number, end: number, count: number): void {
    const [rows, few, mean, width] = [this.#rows, this.#few, this.direction, this.#width];
    const step = (end - from) / count;
    mean.fill(0);
    for (let i = 0, to = 0; i < count; i++) {
      const start = indices[from + Math.floor(i * step)] * width;
      for (let j = 0; j < width; j++, to++) {
        const x = rows[start + j];
        few[to] = x;
        mean[j] += x;
      }
    }
    for (let j = 0; j < width; j++) mean[j] /= count;
  }

  /** few ← about the mean, which is in `direction`. out: where the row begins that is farthest from it; −1 if all are there */
  #centre(count: number): number {
    const [few, mean, width] = [this.#few, this.direction, this.#width];
    let most = 0;
    let farthest = -1;
    for (let i = 0, at = 0; i < count; i++) {
      let even = 0;
      let odd = 0;
      for (let j = 0; j < width; j += 2, at += 2) {
        const x = few[at] - mean[j];
        const y = few[at + 1] - mean[j + 1];
        few[at] = x;
        few[at + 1] = y;
        even += x * x;
        odd += y * y;
      }
      if (!(even + odd > most)) continue;
      most = even + odd;
      farthest = at - width;
    }
    return farthest;
  }

  /** direction ← XᵀX direction, with few = X */
  #turn(count: number): void {
    const [few, direction, next, width] = [this.#few, this.direction, this.#next, this.#width];
    next.fill(0);
    for (let start = 0; start < count * width; start += width) {
      let even = 0;
      let odd = 0;
      for (let j = 0; j < width; j += 2) {
        even += few[start + j] * direction[j];
        odd += few[start + j + 1] * direction[j + 1];
      }
      const along = even + odd;
      for (let j = 0; j < width; j++) next[j] += along * few[start + j];
    }
    direction.set(next);
  }
}

/** in/out: a vector, its length then 1 unless it is 0 */
function makeUnit(vector: Float64Array): void {
  let squares = 0;
  for (let j = 0; j < vector.length; j++) squares += vector[j] * vector[j];
  if (!(squares > 0)) return;
  const scale = 1 / Math.sqrt(squares);
  for (let j = 0; j < vector.length; j++) vector[j] *= scale;
}
