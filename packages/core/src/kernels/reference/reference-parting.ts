import { FEW_ROWS, type PartingKernel, type PartingShape, rowWidth } from "../../points/order/parting-kernel.ts";

/** The slow, obvious kernel. Each sum has four parts, for features in turn, and everything is rounded to 32 bits. */
export function referencePartingKernel({ features, points }: PartingShape): PartingKernel {
  const width = rowWidth(features);
  const rows = new Float32Array(points * width);
  const pairs = new Int32Array(points * 2);
  const along = new Float32Array(points);
  const bits = new Int32Array(along.buffer);
  const direction = new Float32Array(width);
  let few: Float32Array[] = [];

  const rowAt = (place: number) => rows.subarray(pairs[2 * place] * width, (pairs[2 * place] + 1) * width);
  const isBelow = (index: number, key: number, pivot: readonly number[]) =>
    key < pivot[1] || (key === pivot[1] && index < pivot[0]);

  return {
    rows,
    pairs,
    along,

    survey(from, end) {
      const count = Math.min(end - from, FEW_ROWS);
      few = Array.from({ length: count }, (_, i) => rowAt(from + Math.floor((i * (end - from)) / count)).slice());
      const scale = Math.fround(1 / count);
      const mean = few.reduce((sum, row) => sum.map((value, j) => value + row[j]), new Float32Array(width));
      few = few.map((row) => row.map((value, j) => value - Math.fround(mean[j] * scale)));
      return Float32Array.from(few.flatMap((row) => [...fourSums(row, row)]));
    },

    aim(row) {
      direction.set(few[row]);
    },

    turn() {
      const next = new Float32Array(width);
      for (const row of few) {
        const sum = total(fourSums(row, direction));
        for (let j = 0; j < width; j++) next[j] += Math.fround(sum * row[j]);
      }
      direction.set(next);
    },

    project(from, end) {
      for (let i = from; i < end; i++) {
        along[i] = total(fourSums(rowAt(i), direction));
        pairs[2 * i + 1] = bits[i] ^ ((bits[i] >> 31) >>> 1);
      }
    },

    part(from, end, pivotAt) {
      const pivot = [pairs[2 * pivotAt], pairs[2 * pivotAt + 1]];
      let front = from;
      for (let i = from; i < end; i++) {
        const [index, key] = pairs.subarray(2 * i, 2 * i + 2);
        pairs.copyWithin(2 * i, 2 * front, 2 * front + 2);
        pairs.set([index, key], 2 * front);
        front += Number(isBelow(index, key, pivot));
      }
      return front;
    },
  };
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
