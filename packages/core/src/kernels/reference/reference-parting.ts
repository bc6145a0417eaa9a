import { FEW_ROWS, type PartingKernel, type PartingShape, rowWidth } from "../../points/order/parting-kernel.ts";

/** Of more rows, the direction is turned. */
const MANY_ROWS = 64;
/** Neighbouring numbers, and groups of them that are looked at to part all. */
const NEIGHBOURS = 4;
const MOST_GROUPS = 16;

/** The slow, obvious kernel. Each sum has four parts, for features in turn, and everything is rounded to 32 bits. */
export function referencePartingKernel({ features, points }: PartingShape): PartingKernel {
  const width = rowWidth(features);
  const rows = new Float32Array(points * width);
  const pairs = new Int32Array(points * 2);
  const along = new Float32Array(points);
  const bits = new Int32Array(along.buffer);
  const rowAt = (place: number) => rows.subarray(pairs[2 * place] * width, (pairs[2 * place] + 1) * width);

  return {
    rows,
    pairs,
    along,

    aim(from, end) {
      const few = aboutMean(evenly(end - from, FEW_ROWS).map((i) => rowAt(from + i)));
      const squares = few.map((row) => total(fourSums(row, row)));
      const most = squares.reduce((a, b) => Math.max(a, b));
      if (most === 0) return null;
      const farthest = few[squares.indexOf(most)];
      const direction = end - from > MANY_ROWS ? turned(farthest, few) : farthest;
      for (let i = from; i < end; i++) {
        along[i] = total(fourSums(rowAt(i), direction));
        pairs[2 * i + 1] = bits[i] ^ ((bits[i] >> 31) >>> 1);
      }
      return shareBelow(along.subarray(from, end));
    },

    choose(from, end, middle) {
      const chosen = Array.from({ length: end - from }, (_, i) => [
        ...pairs.subarray(2 * (from + i), 2 * (from + i) + 2),
      ]);
      const isLess = ([a, keyOfA]: number[], [b, keyOfB]: number[]) => keyOfA < keyOfB || (keyOfA === keyOfB && a < b);
      for (let [low, high] = [0, end - from]; low < middle - from && middle - from < high; ) {
        const halfway = (low + high) >> 1;
        const three = [...new Set([low, halfway, high - 1])]
          .map((i) => chosen[i])
          .sort((a, b) => (isLess(a, b) ? -1 : 1));
        const pivot = three[1];
        let front = low;
        for (let i = low; i < high; i++) {
          const own = chosen[i];
          chosen[i] = chosen[front];
          chosen[front] = own;
          front += Number(isLess(own, pivot));
        }
        if (middle - from < front) high = front;
        else low = front;
      }
      chosen.forEach((pair, i) => void pairs.set(pair, 2 * (from + i)));
    },
  };
}

/** Places of so many, spread evenly, `most` of them at most. */
function evenly(count: number, most: number): number[] {
  const looked = Math.min(count, most);
  return Array.from({ length: looked }, (_, i) => Math.floor((i * count) / looked));
}

function aboutMean(rows: readonly Float32Array[]): Float32Array[] {
  const sum = new Float32Array(rows[0].length);
  for (const row of rows) for (let j = 0; j < sum.length; j++) sum[j] += row[j];
  return rows.map((row) => row.map((value, j) => value - Math.fround(sum[j] / rows.length)));
}

/** XᵀX direction. in: rows X */
function turned(direction: Float32Array, rows: readonly Float32Array[]): Float32Array {
  const next = new Float32Array(direction.length);
  for (const row of rows) {
    const along = total(fourSums(row, direction));
    for (let j = 0; j < next.length; j++) next[j] += Math.fround(along * row[j]);
  }
  return next;
}

/** Which share of some of the values lies below where a step of 2-means, which begins at their mean, parts them. */
function shareBelow(values: Float32Array): number {
  const groups = evenly(Math.floor(values.length / NEIGHBOURS), MOST_GROUPS);
  const looked = Float32Array.from(groups.flatMap((i) => [...values.subarray(NEIGHBOURS * i, NEIGHBOURS * (i + 1))]));
  const all = sumOf(looked);
  const count = looked.length;
  const mean = Math.fround(all / count);
  const above = looked.filter((value) => value >= mean).length;
  const sumAbove = sumOf(looked.map((value) => (value >= mean ? value : 0)));
  const meanBelow = Math.fround(Math.fround(all - sumAbove) / (count - above));
  const meanAbove = Math.fround(sumAbove / above);
  const threshold = Math.fround(Math.fround(meanBelow + meanAbove) / 2);
  return Math.fround((count - looked.filter((value) => value >= threshold).length) / count);
}

/** in: values, a multiple of four */
function sumOf(values: Float32Array): number {
  return total(
    fourSums(
      values,
      values.map(() => 1),
    ),
  );
}

/** Σ a b of the features 0, 4, 8, …; of 1, 5, 9, …; and so on */
function fourSums(a: Float32Array, b: Float32Array): Float32Array {
  const sums = new Float32Array(4);
  for (let j = 0; j < a.length; j++) sums[j % 4] += Math.fround(a[j] * b[j]);
  return sums;
}

function total([a, b, c, d]: Float32Array): number {
  return Math.fround(Math.fround(a + c) + Math.fround(b + d));
}
