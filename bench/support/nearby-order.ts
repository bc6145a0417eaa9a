import type { FlatPoints } from "@emix/core";

// Points so ordered that those near each other stand near each other: a tree of bisections, each along the direction in
// which the part spreads most, at the median.

/** Below so many points nothing is gained. */
const LEAST = 16;
const SAMPLE = 64;
const POWER_STEPS = 3;

/** A copy of the points in the order of the tree. */
export function inNearbyOrder({ data, features }: FlatPoints): FlatPoints {
  const count = data.length / features;
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const along = new Float64Array(count);
  const parts = [{ from: 0, end: count }];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const { from, end } = part;
    if (end - from <= LEAST) continue;
    const direction = spread(data, features, order.subarray(from, end));
    for (let i = from; i < end; i++) along[order[i]] = product(data, order[i] * features, direction);
    order.subarray(from, end).sort((a, b) => along[a] - along[b]);
    const middle = from + Math.ceil((end - from) / 2 / 64) * 64;
    if (middle < end) parts.push({ from, end: middle }, { from: middle, end });
  }
  const ordered = data.slice();
  order.forEach((from, to) => {
    for (let j = 0; j < features; j++) ordered[to * features + j] = data[from * features + j];
  });
  return { data: ordered, features };
}

/** The direction in which some of the points spread most. */
function spread(data: ArrayLike<number>, features: number, part: Uint32Array): Float64Array {
  const stride = Math.max(1, Math.floor(part.length / SAMPLE));
  const rows = Array.from(part.filter((_, i) => i % stride === 0));
  const means = Array.from({ length: features }, (_, j) =>
    rows.reduce((sum, row) => sum + data[row * features + j] / rows.length, 0),
  );
  let direction = Float64Array.from(means, (mean, j) => data[rows[0] * features + j] - mean);
  for (let step = 0; step < POWER_STEPS; step++) {
    const next = new Float64Array(features);
    for (const row of rows) {
      const centred = means.map((mean, j) => data[row * features + j] - mean);
      const length = centred.reduce((sum, value, j) => sum + value * direction[j], 0);
      for (let j = 0; j < features; j++) next[j] += length * centred[j];
    }
    const size = Math.hypot(...next) || 1;
    direction = next.map((value) => value / size);
  }
  return direction;
}

function product(data: ArrayLike<number>, start: number, direction: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < direction.length; j++) sum += data[start + j] * direction[j];
  return sum;
}
