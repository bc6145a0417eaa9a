import type { PointSource, RowBatch } from "@emix/core";

/** Consecutive rows of a source. */
export interface RowWindow {
  /** of the first row, from 0 */
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
    for (let row = 0; row < batch.rowCount; row++) {
      if (window.add(batch, row)) continue;
      yield window.finish();
      const first = window.next;
      window = openWindow(source, first, Math.min(size, rows - first));
      window.add(batch, row);
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
    /** out: false where the window is full */
    add(batch: RowBatch, row: number): boolean {
      if (rowCount === size) return false;
      const start = rowCount++ * features;
      for (let column = 0; column < features; column++) points[start + column] = batch.value(row, column);
      if (weights !== null) weights[rowCount - 1] = batch.value(row, features);
      return true;
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
