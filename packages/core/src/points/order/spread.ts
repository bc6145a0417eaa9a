/** Rows that are looked at. */
const MOST_POINTS = 32;

/** Finds the direction, of all features, in which rows spread most. It is asked for every few rows, so it makes few arrays. */
export class Spread {
  /** width, of length 1 */
  readonly direction: Float64Array;
  readonly #rows: Float64Array;
  readonly #width: number;
  /** some × width, about their mean */
  readonly #few: Float64Array;
  readonly #next: Float64Array;

  /** in: rows, n × width, which is even */
  constructor(rows: Float64Array, width: number) {
    this.direction = new Float64Array(width);
    this.#rows = rows;
    this.#width = width;
    this.#few = new Float64Array(MOST_POINTS * width);
    this.#next = new Float64Array(width);
  }

  /** direction ← where some rows spread most, by one step of the power iteration. out: false if they do not spread */
  find(indices: Uint32Array): boolean {
    const count = Math.min(indices.length, MOST_POINTS);
    this.#gather(indices, count);
    const farthest = this.#centre(count);
    if (farthest < 0) return false;
    this.direction.set(this.#few.subarray(farthest, farthest + this.#width));
    this.#turn(count);
    return true;
  }

  /** few ← some points; direction ← their mean */
  #gather(indices: Uint32Array, count: number): void {
    const [rows, few, mean, width] = [this.#rows, this.#few, this.direction, this.#width];
    const step = indices.length / count;
    mean.fill(0);
    for (let i = 0, to = 0; i < count; i++) {
      const start = indices[Math.floor(i * step)] * width;
      for (let j = 0; j < width; j++, to++) {
        const x = rows[start + j];
        few[to] = x;
        mean[j] += x;
      }
    }
    for (let j = 0; j < width; j++) mean[j] /= count;
  }

  /** few ← about the mean, which is in `direction`. out: where the point begins that is farthest from it; −1 if all are there */
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

  /** direction ← XᵀX direction, of length 1, with few = X */
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
    let squares = 0;
    for (let j = 0; j < width; j++) squares += next[j] * next[j];
    const scale = 1 / Math.sqrt(squares);
    for (let j = 0; squares > 0 && j < width; j++) direction[j] = next[j] * scale;
  }
}
