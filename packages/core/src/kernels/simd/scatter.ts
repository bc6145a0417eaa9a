import { ENTRIES } from "./survivors.ts";
import { BLOCK_ROWS, blockPatches, diagonalTriangle, type Patch, patchColumns, rectangle, rowBlocks } from "./triangle-blocks.ts";
import {
  type Address,
  advance,
  at,
  constant,
  type Integer,
  integer,
  type Lanes,
  lessThan,
  load,
  plus,
  repeat,
  set,
  shifted,
  store,
  type Variable,
  VECTOR_BYTES,
  type Vector,
  vector,
  when,
} from "./wasm.ts";

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
  let sums = at(scatter.sums);
  for (const patch of rowBlocks(scatter.size).flatMap(blockPatches)) {
    const offset = integer(0);
    addPatch(scatter, patch, { rows: at(scatter.u, offset), columns: at(scatter.u, offset), end: bytes, sums });
    sums = shifted(sums, patch.length * VECTOR_BYTES);
  }
}

function loopedPatches(scatter: Scatter, bytes: Integer): void {
  const { size, rowBytes } = scatter;
  const whole = Math.floor(size / BLOCK_ROWS) * BLOCK_ROWS;
  const sums = integer(scatter.sums);
  const row = integer(0);
  if (whole > 0) {
    repeat(() => {
      blockInLoop(scatter, BLOCK_ROWS, row, sums, bytes);
      return lessThan(row, whole * rowBytes);
    });
  }
  if (whole < size) blockInLoop(scatter, size - whole, row, sums, bytes);
}

/** One block of rows: its patches left of the diagonal in a loop, then the triangle on the diagonal. */
function blockInLoop(
  scatter: Scatter,
  rows: number,
  row: Variable<"i32">,
  sums: Variable<"i32">,
  bytes: Integer,
): void {
  const { rowBytes } = scatter;
  const end = integer(plus(row, bytes));
  const column = integer(0);
  const columns = patchColumns(rows);
  when(lessThan(constant(0), row), () => {
    repeat(() => {
      patchAt(rectangle(0, rows, 0, columns), column);
      advance(column, columns * rowBytes);
      return lessThan(column, row);
    });
  });
  patchAt(diagonalTriangle(0, rows), row);
  advance(row, rows * rowBytes);

  function patchAt(patch: Patch, firstColumn: Integer): void {
    const rows = at(scatter.u, integer(row));
    const columns = firstColumn === row ? rows : at(scatter.u, integer(firstColumn));
    addPatch(scatter, patch, { rows, columns, end, sums: at(0, sums) });
    advance(sums, patch.length * VECTOR_BYTES);
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
  const totals = patch.map((_, e) => vector(load(shifted(sums, e * VECTOR_BYTES))));
  const shared = rows.pointer === columns.pointer;
  repeat(() => {
    for (let v = 0; v < ENTRIES; v++) {
      const row = loadedOnce((i) => shifted(rows, i * rowBytes + v * VECTOR_BYTES));
      const column = shared ? row : loadedOnce((j) => shifted(columns, j * rowBytes + v * VECTOR_BYTES));
      patch.forEach(([i, j], e) => {
        set(totals[e], lanes.madd(row(i), column(j), totals[e]));
      });
    }
    advance(rows.pointer, ENTRIES * VECTOR_BYTES);
    if (!shared) advance(columns.pointer, ENTRIES * VECTOR_BYTES);
    return lessThan(rows.pointer, end);
  });
  totals.forEach((total, e) => {
    store(shifted(sums, e * VECTOR_BYTES), total);
  });
}

/** Loads a row when it is first asked for: loaded early, rows would crowd the sums out of the registers. */
function loadedOnce(place: (row: number) => Address): (row: number) => Vector {
  const loaded: Vector[] = [];
  return (row) => {
    loaded[row] ??= vector(load(place(row)));
    return loaded[row];
  };
}
