import { BLOCK_ROWS } from "../language/feature-walk.ts";
import { range } from "../language/range.ts";
import {
  type Address,
  address,
  advance,
  at,
  integer,
  type Lanes,
  lessThan,
  repeat,
  set,
  shifted,
  store,
  type Variable,
  type Vector,
  vector,
} from "../language/wasm.ts";
import { type RowBlock, rowBlocks } from "./triangle-blocks.ts";

// z = x − μ, y = W z − W lo and q = |y|², W lower triangular: row i of y is  ((−b_i + W_i0 z_0) + W_i1 z_1) + … + W_ii z_i
// and q = y_0² + y_1² + …, both in this order whatever the shape of the code. A column of z is made where it crosses the
// diagonal, and kept for the blocks of rows below.

export interface TriangularProduct {
  readonly lanes: Lanes;
  readonly size: number;
  /** vectors of points side by side */
  readonly vectors: number;
  /** the points' first feature, and the bytes to the next one */
  readonly x: Address;
  readonly rowBytes: number;
  readonly pivot: Address;
  /** −b, and the factor in `factorOrder` */
  readonly biases: Address;
  readonly factor: Address;
  /** fixed address where columns of z are kept, side by side */
  readonly scratch: number;
  readonly unrolled: boolean;
}

/** Straight code keeps the columns of so few features in registers. */
const COLUMNS_IN_REGISTERS = 6;

type Sums = readonly (readonly Variable<"v128">[])[];

/** Takes the rows of y of one block, in order. */
type TakeRows = (y: Sums) => void;

/** out: q of each vector of points */
export function squaredNorms(product: TriangularProduct): Variable<"v128">[] {
  const q = range(product.vectors).map(() => vector(product.lanes.zero()));
  triangularProduct(product, (y) => addSquares(product.lanes, y, q));
  return q;
}

/** Hands over y, block by block. */
export function triangularProduct(product: TriangularProduct, take: TakeRows): void {
  if (product.unrolled) unrolledBlocks(product, take);
  else loopedBlocks(product, take);
}

function unrolledBlocks(product: TriangularProduct, take: TakeRows): void {
  const { size, x, rowBytes, pivot, biases, scratch, lanes } = product;
  const inRegisters = size <= COLUMNS_IN_REGISTERS;
  const columns: Vector[][] = [];
  let { factor } = product;
  for (const { first, rows } of rowBlocks(size)) {
    const y = startRows(product, rows, shifted(biases, first * lanes.bytes));
    for (const column of range(first)) {
      addColumn(product, y, inRegisters ? columns[column] : columnAt(product, at(place(column))), factor);
      factor = shifted(factor, rows * lanes.bytes);
    }
    const last = first + rows === size;
    addTriangle(product, y, (j) => newColumn(first + j, !(last || inRegisters)), factor);
    factor = shifted(factor, ((rows * (rows + 1)) / 2) * lanes.bytes);
    take(y);
  }

  function place(column: number): number {
    return scratch + column * columnBytes(product);
  }

  function newColumn(j: number, kept: boolean): Vector[] {
    columns[j] = centre(product, shifted(x, j * rowBytes), shifted(pivot, j * lanes.bytes));
    if (kept) keepColumn(product, columns[j], at(place(j)));
    return columns[j];
  }
}

function loopedBlocks(product: TriangularProduct, take: TakeRows): void {
  const { size, scratch } = product;
  const walk = {
    x: integer(address(product.x)),
    pivot: integer(address(product.pivot)),
    bias: integer(address(product.biases)),
    factor: integer(address(product.factor)),
    diagonal: integer(scratch),
  };
  const whole = Math.floor(size / BLOCK_ROWS);
  blockWithLoop(product, walk, { first: 0, rows: Math.min(size, BLOCK_ROWS) }, take);
  if (whole > 1) {
    repeat(() => {
      blockWithLoop(product, walk, { first: BLOCK_ROWS, rows: BLOCK_ROWS }, take);
      return lessThan(walk.diagonal, scratch + whole * BLOCK_ROWS * columnBytes(product));
    });
  }
  const rest = size - whole * BLOCK_ROWS;
  if (whole > 0 && rest > 0) blockWithLoop(product, walk, { first: size - rest, rows: rest }, take);
}

/** Where the block's first feature stands. */
interface Walk {
  readonly x: Variable<"i32">;
  readonly pivot: Variable<"i32">;
  readonly bias: Variable<"i32">;
  readonly factor: Variable<"i32">;
  /** address of the z that meets the block's diagonal */
  readonly diagonal: Variable<"i32">;
}

/** One block of rows, its columns left of the diagonal in a loop of four at a time. */
function blockWithLoop(product: TriangularProduct, walk: Walk, { first, rows }: RowBlock, take: TakeRows): void {
  const { lanes } = product;
  const y = startRows(product, rows, at(0, walk.bias));
  if (first > 0) {
    const column = integer(product.scratch);
    repeat(() => {
      for (const i of range(BLOCK_ROWS)) {
        addColumn(
          product,
          y,
          columnAt(product, at(i * columnBytes(product), column)),
          at(i * rows * lanes.bytes, walk.factor),
        );
      }
      advance(walk.factor, BLOCK_ROWS * rows * lanes.bytes);
      advance(column, BLOCK_ROWS * columnBytes(product));
      return lessThan(column, walk.diagonal);
    });
  }
  addTriangle(product, y, newColumn, at(0, walk.factor));
  take(y);
  advance(walk.x, rows * product.rowBytes);
  advance(walk.pivot, rows * lanes.bytes);
  advance(walk.bias, rows * lanes.bytes);
  advance(walk.factor, ((rows * (rows + 1)) / 2) * lanes.bytes);
  advance(walk.diagonal, rows * columnBytes(product));

  function newColumn(j: number): Vector[] {
    const z = centre(product, at(j * product.rowBytes, walk.x), at(j * lanes.bytes, walk.pivot));
    keepColumn(product, z, at(j * columnBytes(product), walk.diagonal));
    return z;
  }
}

/** z_j = x_j − μ_j */
function centre({ lanes, vectors }: TriangularProduct, x: Address, pivot: Address): Vector[] {
  const mean = vector(lanes.splat(pivot));
  return range(vectors).map((v) => vector(lanes.sub(lanes.load(shifted(x, v * lanes.vectorBytes)), mean)));
}

function keepColumn({ lanes }: TriangularProduct, z: readonly Vector[], place: Address): void {
  z.forEach((zj, v) => {
    store(shifted(place, v * lanes.vectorBytes), zj);
  });
}

function startRows({ lanes, vectors }: TriangularProduct, rows: number, biases: Address): Sums {
  return range(rows).map((i) => {
    const bias = vector(lanes.splat(shifted(biases, i * lanes.bytes)));
    return range(vectors).map(() => vector(lanes.parted(bias)));
  });
}

function columnAt({ lanes, vectors }: TriangularProduct, address: Address): Vector[] {
  return range(vectors).map((v) => lanes.load(shifted(address, v * lanes.vectorBytes)));
}

/** y_i += W_ij z_j for one column j; the factors of the rows stand side by side. */
function addColumn({ lanes }: TriangularProduct, y: Sums, column: Vector[], factor: Address): void {
  const z = column.map((zj) => vector(zj));
  y.forEach((row, i) => {
    const w = vector(lanes.splat(shifted(factor, i * lanes.bytes)));
    row.forEach((sum, v) => {
      set(sum, lanes.madd(w, z[v], sum));
    });
  });
}

/** The columns that cross the block's diagonal: column j begins at row j of the block. */
function addTriangle(product: TriangularProduct, y: Sums, column: (j: number) => Vector[], factor: Address): void {
  let offset = 0;
  y.forEach((_, j) => {
    addColumn(product, y.slice(j), column(j), shifted(factor, offset));
    offset += (y.length - j) * product.lanes.bytes;
  });
}

function addSquares(lanes: Lanes, y: Sums, q: Variable<"v128">[]): void {
  for (const row of y) {
    row.forEach((sum, v) => {
      set(q[v], lanes.madd(sum, sum, q[v]));
    });
  }
}

function columnBytes({ lanes, vectors }: TriangularProduct): number {
  return vectors * lanes.vectorBytes;
}
