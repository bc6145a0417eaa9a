import { openPoints, type PointsLike } from "../points/array-sources.ts";
import { rowWithoutNumber } from "../points/errors.ts";
import { type ArraySource, numberAt } from "../points/source.ts";
import type { Stretches } from "../points/stretches.ts";

/** Rows that have numbers in the same features. */
export interface RowPattern {
  /** those features, rising */
  readonly features: readonly number[];
  /** the rows, rising, from 0 */
  readonly rows: Uint32Array;
}

/** Rows that may lack numbers, by the features that they have. */
export interface PatternedRows {
  /** d */
  readonly features: number;
  /** how many there are */
  readonly rowCount: number;
  readonly patterns: readonly RowPattern[];
  /** The numbers of a pattern's rows, rows × its features. */
  pointsOf(pattern: RowPattern): Stretches<Float64Array>;
}

/** Sorts rows by the features in which they have a finite number. @throws NON_FINITE_POINT for a row without any; as `openPoints` */
export function* patternsOf(points: PointsLike): Stretches<PatternedRows> {
  const source = openPoints(points);
  const { features } = source;
  const { rows: rowCount } = source.count("error");
  const found = new Map<string, { readonly features: number[]; readonly rows: number[] }>();
  for (const [batch, first] of batchesOf(source, rowCount)) {
    for (let row = 0; row < batch.rowCount; row++) {
      const present: number[] = [];
      for (let j = 0; j < features; j++) if (Number.isFinite(numberAt(batch, row, j))) present.push(j);
      if (present.length === 0) throw rowWithoutNumber(source.place(first + row));
      const key = present.join();
      const pattern = found.get(key);
      if (pattern === undefined) found.set(key, { features: present, rows: [first + row] });
      else pattern.rows.push(first + row);
    }
    yield;
  }
  const patterns = [...found.values()].map((one) => ({ features: one.features, rows: Uint32Array.from(one.rows) }));
  return { features, rowCount, patterns, pointsOf: (pattern) => numbersOf(source, rowCount, pattern) };
}

function* numbersOf(source: ArraySource, rowCount: number, { features, rows }: RowPattern): Stretches<Float64Array> {
  const numbers = new Float64Array(rows.length * features.length);
  let next = 0;
  for (const [batch, first] of batchesOf(source, rowCount)) {
    for (; next < rows.length && rows[next] < first + batch.rowCount; next++) {
      features.forEach((feature, j) => {
        numbers[next * features.length + j] = numberAt(batch, rows[next] - first, feature);
      });
    }
    yield;
  }
  return numbers;
}

function* batchesOf(source: ArraySource, rowCount: number) {
  let first = 0;
  for (const batch of source.batches(rowCount)) {
    yield [batch, first] as const;
    first += batch.rowCount;
  }
}
