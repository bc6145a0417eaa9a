import { BLOCK_ROWS } from "../language/feature-walk.ts";
import { range } from "../language/range.ts";

// The order in which a kernel walks a lower triangle: rows in blocks of four, the last one smaller.

export interface RowBlock {
  readonly first: number;
  readonly rows: number;
}

/** The blocks of rows of a d × d triangle. */
export function rowBlocks(size: number): RowBlock[] {
  const blocks: RowBlock[] = [];
  for (let first = 0; first < size; first += BLOCK_ROWS)
    blocks.push({ first, rows: Math.min(BLOCK_ROWS, size - first) });
  return blocks;
}

/** One entry of a triangle, column ≤ row. */
export type Entry = readonly [row: number, column: number];

/** The factor in the order of its product with a vector: block by block, column by column. */
export function factorOrder(size: number): Entry[] {
  return rowBlocks(size).flatMap(({ first, rows }) => [...columnwise(first, rows)]);
}

function* columnwise(first: number, rows: number): Generator<Entry> {
  for (let column = 0; column < first + rows; column++) {
    for (let row = Math.max(first, column); row < first + rows; row++) yield [row, column];
  }
}

/** Entries of a triangle that are summed in one pass over the points, each in a register of its own. */
export type Patch = readonly Entry[];

/** Columns of a patch left of the diagonal, by its rows: about eight sums keep the multipliers busy. */
const PATCH_COLUMNS = [0, 12, 4, 3, 2];
export const BLOCK_COLUMNS: number = PATCH_COLUMNS[BLOCK_ROWS];

/** Columns of a patch left of the diagonal in a block of so many rows. */
export function patchColumns(rows: number): number {
  return PATCH_COLUMNS[rows];
}

/** Vector registers that V8 hands out. */
const REGISTERS = 15;

/** The patches of a block of rows: those left of the diagonal, and the small triangle on it, with the last one if it fits. */
export function blockPatches({ first, rows }: RowBlock): Patch[] {
  const columns = patchColumns(rows);
  const patches: Patch[] = [];
  for (let column = 0; column < first; column += columns) {
    patches.push(rectangle(first, rows, column, Math.min(columns, first - column)));
  }
  const triangle = diagonalTriangle(first, rows);
  const last = patches[patches.length - 1];
  if (last === undefined || last.length + triangle.length + rows + 1 > REGISTERS) return [...patches, triangle];
  return [...patches.slice(0, -1), [...last, ...triangle]];
}

/** The longer side is walked: of it, one row or column at a time is in a register. */
export function rectangle(first: number, rows: number, column: number, columns: number): Patch {
  const entry = (i: number, j: number): Entry => [first + i, column + j];
  return rows > columns
    ? range(rows).flatMap((i) => range(columns).map((j) => entry(i, j)))
    : range(columns).flatMap((j) => range(rows).map((i) => entry(i, j)));
}

/** Column by column, so that a column is done with before the next one is loaded. */
export function diagonalTriangle(first: number, rows: number): Patch {
  return range(rows).flatMap((j) => range(rows - j).map((i): Entry => [first + j + i, first + j]));
}

/** The scatter in the order of its sums in memory. */
export function scatterOrder(size: number): Entry[] {
  return rowBlocks(size).flatMap((block) => blockPatches(block).flat());
}
