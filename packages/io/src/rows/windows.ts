import type { NumberColumn, PointSource, RowBatch } from "@emix/core";

/** Consecutive rows of a source. */
export interface RowWindow {
  /** the number of the first row, from 0 */
  readonly first: number;
  readonly rowCount: number;
  /** rows × d; NaN for what is missing */
  readonly points: Float64Array | Float32Array;
  /** rows; null: every point weighs 1 */
  readonly weights: Float64Array | null;
}

/** Numbers and texts held at a time, about. */
const CELLS = 2 ** 20;

/** Rows taken at a time: what is held of them does not grow with the file. in: the cells that a row takes */
export function windowSize(cells: number): number {
  return Math.max(2 ** 10, Math.min(Math.floor(CELLS / cells), 2 ** 16));
}

/** All rows of a source, some at a time. */
export async function* rowWindows(source: PointSource, rows: number, size: number): AsyncGenerator<RowWindow> {
  let window = openWindow(source, 0, Math.min(size, rows));
  for await (const batch of source.batches(rows)) {
    for (let row = window.add(batch, 0); row < batch.rowCount; row += window.add(batch, row)) {
      yield window.finish();
      const first = window.next;
      window = openWindow(source, first, Math.min(size, rows - first));
    }
  }
  yield window.finish();
}

function openWindow({ features, dtype, weighted }: PointSource, first: number, size: number) {
  const length = size * features;
  const points = dtype === "f32" ? new Float32Array(length) : new Float64Array(length);
  const weights = weighted ? new Float64Array(size) : null;
  let rowCount = 0;
  return {
    /** Takes rows of a batch, from `row` on, while there is room. out: how many */
    add({ rowCount: given, columns }: RowBatch, row: number): number {
      const count = Math.min(size - rowCount, given - row);
      for (let column = 0; column < features; column++) {
        copyColumn(columns[column], { row, count, to: points, start: rowCount * features + column, step: features });
      }
      if (weights !== null) copyColumn(columns[features], { row, count, to: weights, start: rowCount, step: 1 });
      rowCount += count;
      return count;
    },
    get next(): number {
      return first + rowCount;
    },
    finish: (): RowWindow => ({
      ...{ first, rowCount, points: points.subarray(0, rowCount * features) },
      weights: weights?.subarray(0, rowCount) ?? null,
    }),
  };
}

/** Numbers of a column on their way: `count` of them, from `row` on, `step` apart from `start` on. */
interface Copy {
  readonly row: number;
  readonly count: number;
  readonly to: Float64Array | Float32Array;
  readonly start: number;
  readonly step: number;
}

function copyColumn({ values, offset, stride }: NumberColumn, { row, count, to, start, step }: Copy): void {
  for (let i = 0, at = start; i < count; i++, at += step) to[at] = values[offset + (row + i) * stride];
}
