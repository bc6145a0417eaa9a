import type { PointSource, RowBatch } from "@emix/core";

/** Consecutive rows of a source. */
export interface RowWindow {
  /** of the first row, from 0 */
  readonly first: number;
  readonly rowCount: number;
  /** rows × d; NaN for what is missing */
  readonly points: Float64Array | Float32Array;
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

function openWindow({ features, dtype }: PointSource, first: number, size: number) {
  const length = size * features;
  const points = dtype === "f32" ? new Float32Array(length) : new Float64Array(length);
  let rowCount = 0;
  return {
    /** Takes rows of a batch, from `row` on, while there is room. out: how many */
    add({ rowCount: given, columns }: RowBatch, row: number): number {
      const count = Math.min(size - rowCount, given - row);
      for (let column = 0; column < features; column++) {
        const { values, offset, stride } = columns[column];
        let to = rowCount * features + column;
        for (let i = 0; i < count; i++, to += features) points[to] = values[offset + (row + i) * stride];
      }
      rowCount += count;
      return count;
    },
    get next(): number {
      return first + rowCount;
    },
    finish: (): RowWindow => ({ first, rowCount, points: points.subarray(0, rowCount * features) }),
  };
}
