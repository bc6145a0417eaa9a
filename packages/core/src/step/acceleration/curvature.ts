/** A step that was taken, and how the gradient changed along it: s and y = g_before − g_after. */
export interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** sᵀy, above 0 */
  readonly product: number;
}

/** Pairs that are kept, where they take no more bytes than this. */
const MOST_PAIRS = 10;
const LEAST_PAIRS = 3;
const MOST_BYTES = 64 * 2 ** 20;

/** So small a cosine between s and y is rounding. */
const LEAST_COSINE = 1e-8;

/** The pairs with another one, oldest first. A step along which the bound does not bend down tells no curvature. */
export function withPair(pairs: readonly Pair[], step: Float64Array, change: Float64Array): readonly Pair[] {
  const product = dot(step, change);
  if (!(product > LEAST_COSINE * Math.sqrt(dot(step, step) * dot(change, change)))) return pairs;
  const most = Math.min(MOST_PAIRS, Math.max(LEAST_PAIRS, Math.floor(MOST_BYTES / (16 * step.length))));
  return [...pairs, { step, change, product }].slice(-most);
}

/**
 * H g, the way up by Newton's method, where H is what the pairs tell of the inverse of the negative Hessian (L-BFGS, the
 * recursion of Nocedal 1980). Without pairs, H = I: EM itself, to first order.
 */
export function wayUp(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const way = gradient.slice();
  const shares = new Float64Array(pairs.length);
  for (let i = pairs.length - 1; i >= 0; i--) {
    shares[i] = dot(pairs[i].step, way) / pairs[i].product;
    add(way, pairs[i].change, -shares[i]);
  }
  const last = pairs.at(-1);
  const scale = last === undefined ? 1 : last.product / dot(last.change, last.change);
  for (let i = 0; i < way.length; i++) way[i] *= scale;
  pairs.forEach(({ step, change, product }, i) => {
    add(way, step, shares[i] - dot(change, way) / product);
  });
  return way;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}

function add(to: Float64Array, vector: Float64Array, share: number): void {
  for (let i = 0; i < to.length; i++) to[i] += share * vector[i];
}
