import { triangleLength } from "../../../linear-algebra/triangle.ts";
import { BLOCK_ROWS } from "../language/feature-walk.ts";
import {
  type Address,
  advance,
  at,
  constant,
  type Integer,
  integer,
  type Lanes,
  lessThan,
  plus,
  repeat,
  set,
  shifted,
  store,
  type Variable,
  type Vector,
  vector,
  when,
} from "../language/wasm.ts";
import { ENTRIES } from "./survivors.ts";
import {
  BLOCK_COLUMNS,
  blockPatches,
  diagonalTriangle,
  type Patch,
  patchColumns,
  type RowBlock,
  rectangle,
  rowBlocks,
} from "./triangle-blocks.ts";

// S_ij += Σ u_i u_j, u = √r z, over the points of a chunk, j ≤ i. Each lane of each sum adds the points of that lane one by
// one, in order, wherever the chunk ends: so points of responsibility 0 may be left out, and patches may have any form,
// without changing a bit.

export interface Scatter {
  readonly lanes: Lanes;
  readonly size: number;
  /** rows of u = √r z, one per feature, at a fixed address */
  readonly u: number;
  readonly rowBytes: number;
  /** the sums, in `scatterOrder`, at a fixed address */
  readonly sums: number;
  readonly unrolled: boolean;
}

/** in: bytes, the used length of each row, not 0 */
export function addScatter(scatter: Scatter, bytes: Integer): void {
  if (scatter.unrolled) unrolledPatches(scatter, bytes);
  else loopedPatches(scatter, bytes);
}

function unrolledPatches(scatter: Scatter, bytes: Integer): void {
  straightPatches(scatter, rowBlocks(scatter.size).flatMap(blockPatches), at(scatter.sums), bytes);
}

/** Whole blocks in loops, then the last rows, fewer than a block. */
function loopedPatches(scatter: Scatter, bytes: Integer): void {
  const { size, rowBytes } = scatter;
  const rest = size % BLOCK_ROWS;
  const whole = size - rest;
  if (whole > 0) {
    const sums = integer(scatter.sums);
    const row = integer(0);
    repeat(() => {
      blockInLoop(scatter, row, sums, bytes);
      return lessThan(row, whole * rowBytes);
    });
  }
  if (rest > 0) lastRows(scatter, { first: whole, rows: rest }, bytes);
}

/** Patches of equal form in a loop over their columns; what is left of the block in straight code. */
function lastRows(scatter: Scatter, block: RowBlock, bytes: Integer): void {
  const { rowBytes, lanes } = scatter;
  const { first, rows } = block;
  const patches = blockPatches(block);
  const columns = patchColumns(rows);
  const alike = patches.filter((patch) => patch.length === rows * columns && isLeftOf(patch, first)).length;
  const straight = alike < 2 ? patches : patches.slice(alike);
  const sums = integer(scatter.sums + triangleLength(first) * lanes.vectorBytes);
  if (straight !== patches) {
    const column = integer(0);
    repeat(() => {
      const places = { rows: at(scatter.u + first * rowBytes, integer(0)), columns: at(scatter.u, integer(column)) };
      addPatch(scatter, rectangle(0, rows, 0, columns), { ...places, end: bytes, sums: at(0, sums) });
      advance(sums, rows * columns * lanes.vectorBytes);
      advance(column, columns * rowBytes);
      return lessThan(column, alike * columns * rowBytes);
    });
  }
  straightPatches(scatter, straight, at(0, sums), bytes);
}

function isLeftOf(patch: Patch, column: number): boolean {
  return patch.every(([, j]) => j < column);
}

/** in: sums, of the first patch */
function straightPatches(scatter: Scatter, patches: readonly Patch[], sums: Address, bytes: Integer): void {
  let place = sums;
  for (const patch of patches) {
    const rows = at(scatter.u, integer(0));
    addPatch(scatter, patch, { rows, columns: rows, end: bytes, sums: place });
    place = shifted(place, patch.length * scatter.lanes.vectorBytes);
  }
}

/** One whole block of rows: its patches left of the diagonal in a loop, then the triangle on the diagonal. */
function blockInLoop(scatter: Scatter, row: Variable<"i32">, sums: Variable<"i32">, bytes: Integer): void {
  const { rowBytes, lanes } = scatter;
  const end = integer(plus(row, bytes));
  const column = integer(0);
  when(lessThan(constant(0), row), () => {
    repeat(() => {
      patchAt(rectangle(0, BLOCK_ROWS, 0, BLOCK_COLUMNS), column);
      advance(column, BLOCK_COLUMNS * rowBytes);
      return lessThan(column, row);
    });
  });
  patchAt(diagonalTriangle(0, BLOCK_ROWS), row);
  advance(row, BLOCK_ROWS * rowBytes);

  function patchAt(patch: Patch, firstColumn: Integer): void {
    const rows = at(scatter.u, integer(row));
    const columns = firstColumn === row ? rows : at(scatter.u, integer(firstColumn));
    addPatch(scatter, patch, { rows, columns, end, sums: at(0, sums) });
    advance(sums, patch.length * lanes.vectorBytes);
  }
}

interface Walk {
  /** u of the patch's row 0 and of its column 0, at pointers that walk along the points */
  readonly rows: Walking;
  readonly columns: Walking;
  /** where the pointer of `rows` ends */
  readonly end: Integer;
  readonly sums: Address;
}

type Walking = Address<Variable<"i32">>;

function addPatch({ lanes, rowBytes }: Scatter, patch: Patch, { rows, columns, end, sums }: Walk): void {
  const { vectorBytes } = lanes;
  const loadedAt = (place: Address) => vector(lanes.load(place));
  const totals = patch.map((_, e) => loadedAt(shifted(sums, e * vectorBytes)));
  const shared = rows.pointer === columns.pointer;
  repeat(() => {
    for (let v = 0; v < ENTRIES; v++) {
      const row = once((i) => loadedAt(shifted(rows, i * rowBytes + v * vectorBytes)));
      const column = shared ? row : once((j) => loadedAt(shifted(columns, j * rowBytes + v * vectorBytes)));
      patch.forEach(([i, j], e) => {
        set(totals[e], lanes.madd(row(i), column(j), totals[e]));
      });
    }
    advance(rows.pointer, ENTRIES * vectorBytes);
    if (!shared) advance(columns.pointer, ENTRIES * vectorBytes);
    return lessThan(rows.pointer, end);
  });
  totals.forEach((total, e) => {
    store(shifted(sums, e * vectorBytes), total);
  });
}

/** Loads a row when it is first asked for: loaded early, rows would crowd the sums out of the registers. */
function once(load: (row: number) => Vector): (row: number) => Vector {
  const loaded: Vector[] = [];
  return (row) => {
    loaded[row] ??= load(row);
    return loaded[row];
  };
}
