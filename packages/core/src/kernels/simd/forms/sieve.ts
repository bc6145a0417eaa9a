import type { MatrixKind } from "../../../covariance/types.ts";
import { triangleLength } from "../../../linear-algebra/triangle.ts";
import { RULE_SLOPE } from "../../../mixture/density.ts";
import { walkFeatures } from "../language/feature-walk.ts";
import { range } from "../language/range.ts";
import type { Setting } from "../language/setting.ts";
import { walkTiles } from "../language/tile-walk.ts";
import {
  type Address,
  advance,
  anyTrue,
  at,
  type Integer,
  integer,
  type Lanes,
  lessThan,
  plus,
  type Routine,
  repeat,
  routine,
  set,
  store,
  storeInteger,
  type Variable,
  vector,
} from "../language/wasm.ts";

// Which components may reach a tile (derivation.md §18): with y = W (x̄ − μ) at the centre of the tile, e = Wᵀy/|y| and ρ
// the radius, |W (x − μ)| ≥ |y| − |e| ρ for all its points, and |W (x − μ)| ≥ |y| + e·(x − x̄) for each. Eight components
// side by side, each number of theirs a row of eight.

export const SIEVED = 8;
const ROW_BYTES = 8 * SIEVED;
const SLOPE = RULE_SLOPE / 2;

/** The numbers of eight components, in bytes. From `reach` to `curvature`: pair-lists.ts */
export interface SieveLayout {
  readonly reach: number;
  readonly keep: number;
  readonly absolute: number;
  readonly spread: number;
  readonly curvature: number;
  readonly pivot: number;
  readonly biases: number;
  readonly factor: number;
  readonly bytes: number;
}

export function sieveLayout(features: number, kind: MatrixKind): SieveLayout {
  const pivot = 5 * ROW_BYTES;
  const biases = pivot + features * ROW_BYTES;
  const factor = biases + features * ROW_BYTES;
  const bytes = factor + (kind === "triangle" ? triangleLength(features) : features) * ROW_BYTES;
  const rows = { reach: 0, keep: ROW_BYTES, absolute: 2 * ROW_BYTES, spread: 3 * ROW_BYTES, curvature: 4 * ROW_BYTES };
  return { ...rows, pivot, biases, factor, bytes };
}

/** What a sieve leaves of eight components, in bytes; from `direction` on Wᵀy, d rows, and then room for its work. */
export const SIFTED: Record<"margin" | "closeness" | "distance" | "inverse" | "direction", number> = {
  margin: 0,
  closeness: ROW_BYTES,
  distance: 2 * ROW_BYTES,
  inverse: 3 * ROW_BYTES,
  direction: 4 * ROW_BYTES,
};

export function siftedBytes(features: number): number {
  return SIFTED.direction + 3 * features * ROW_BYTES;
}

/** The tile that is asked about: its least reference, its radius, and its centre, d. */
export const TILE = { floor: 0, radius: 8, centre: 16 };

/**
 * in: block, of eight components; tile
 * out: sifted: margin, by how many nats one may reach the tile; distance, |y| less what rounding may add, 1/|y| and Wᵀy
 */
export function sieve({ wide, pool, features }: Setting, kind: MatrixKind): Routine {
  const layout = sieveLayout(features, kind);
  const vectors = SIEVED / wide.count;
  const row = (address: Address) => rowOf(wide, vectors, address);
  const rowsEnd = (rows: number) => rows * ROW_BYTES;
  return routine(["block", "tile", "sifted"] as const, (p) => {
    const zero = () => range(vectors).map(() => vector(wide.zero()));
    const [squares, directionSquares] = [zero(), zero()];
    const z = SIFTED.direction + rowsEnd(features);
    const y = z + rowsEnd(features);
    centreRows(p);
    if (kind === "triangle") {
      multiply(p);
      multiplyTransposed(p);
    } else {
      scale(p);
    }
    finish(p);

    /** z = x̄ − μ */
    function centreRows({ block, tile, sifted }: typeof p): void {
      const [pivot, centre, out] = [integer(block), integer(tile), integer(sifted)];
      const end = integer(plus(block, rowsEnd(features)));
      repeat(() => {
        const x = vector(wide.splat(at(TILE.centre, centre)));
        row(at(layout.pivot, pivot)).forEach((mean, v) => {
          store(at(z + v * wide.vectorBytes, out), wide.sub(x, mean));
        });
        advance(pivot, ROW_BYTES);
        advance(centre, 8);
        advance(out, ROW_BYTES);
        return lessThan(pivot, end);
      });
    }

    /** y = W z − b */
    function multiply({ block, sifted }: typeof p): void {
      const [bias, factor, out] = [integer(block), integer(block), integer(sifted)];
      const last = integer(plus(sifted, ROW_BYTES));
      const end = integer(plus(block, rowsEnd(features)));
      repeat(() => {
        const sums = row(at(layout.biases, bias)).map((b) => vector(b));
        const column = integer(sifted);
        repeat(() => {
          const w = row(at(layout.factor, factor));
          row(at(z, column)).forEach((zj, v) => {
            set(sums[v], wide.madd(w[v], zj, sums[v]));
          });
          advance(factor, ROW_BYTES);
          advance(column, ROW_BYTES);
          return lessThan(column, last);
        });
        sums.forEach((sum, v) => {
          store(at(y + v * wide.vectorBytes, out), sum);
          set(squares[v], wide.madd(sum, sum, squares[v]));
        });
        advance(last, ROW_BYTES);
        advance(bias, ROW_BYTES);
        advance(out, ROW_BYTES);
        return lessThan(bias, end);
      });
    }

    /** Wᵀy */
    function multiplyTransposed({ block, sifted }: typeof p): void {
      const [start, step, out] = [integer(block), integer(ROW_BYTES), integer(sifted)];
      const end = integer(plus(sifted, rowsEnd(features)));
      repeat(() => {
        const sums = range(vectors).map(() => vector(wide.zero()));
        const [factor, below, down] = [integer(start), integer(out), integer(step)];
        repeat(() => {
          const w = row(at(layout.factor, factor));
          row(at(y, below)).forEach((yi, v) => {
            set(sums[v], wide.madd(w[v], yi, sums[v]));
          });
          advance(factor, down);
          advance(down, ROW_BYTES);
          advance(below, ROW_BYTES);
          return lessThan(below, end);
        });
        keepDirection(sums, out);
        advance(step, ROW_BYTES);
        advance(start, step);
        advance(out, ROW_BYTES);
        return lessThan(out, end);
      });
    }

    /** y = w z − b, and w y */
    function scale({ block, sifted }: typeof p): void {
      const [own, out] = [integer(block), integer(sifted)];
      const end = integer(plus(block, rowsEnd(features)));
      repeat(() => {
        const w = row(at(layout.factor, own)).map((a) => vector(a));
        const bias = row(at(layout.biases, own));
        const sums = row(at(z, out)).map((zj, v) => vector(wide.madd(w[v], zj, bias[v])));
        sums.forEach((sum, v) => {
          set(squares[v], wide.madd(sum, sum, squares[v]));
        });
        keepDirection(
          sums.map((sum, v) => vector(wide.mul(sum, w[v]))),
          out,
        );
        advance(own, ROW_BYTES);
        advance(out, ROW_BYTES);
        return lessThan(own, end);
      });
    }

    function keepDirection(direction: readonly Variable<"v128">[], out: Integer): void {
      direction.forEach((sum, v) => {
        store(at(SIFTED.direction + v * wide.vectorBytes, out), sum);
        set(directionSquares[v], wide.madd(sum, sum, directionSquares[v]));
      });
    }

    function finish({ block, tile, sifted }: typeof p): void {
      const [floor, radius] = [vector(wide.splat(at(TILE.floor, tile))), vector(wide.splat(at(TILE.radius, tile)))];
      const slope = vector(pool.splat(SLOPE));
      squares.forEach((square, v) => {
        const offset = v * wide.vectorBytes;
        const numbers = (start: number) => wide.load(at(start + offset, block));
        const length = vector(wide.sqrt(square));
        const steepness = vector(wide.div(wide.sqrt(directionSquares[v]), length));
        const sure = vector(wide.sub(wide.mul(length, numbers(layout.keep)), numbers(layout.absolute)));
        store(at(SIFTED.inverse + offset, sifted), wide.div(pool.splat(1), length));
        const rounding = wide.madd(steepness, pool.splat(PROJECTED), numbers(layout.spread));
        store(at(SIFTED.distance + offset, sifted), wide.sub(sure, wide.mul(rounding, radius)));
        const steep = wide.add(steepness, numbers(layout.spread));
        const least = vector(wide.greatest(wide.sub(sure, wide.mul(steep, radius)), wide.zero()));
        const reach = vector(numbers(layout.reach));
        const needed = vector(wide.sub(reach, floor));
        store(at(SIFTED.margin + offset, sifted), wide.sub(needed, wide.mul(wide.mul(least, least), slope)));
      });
    }
  });
}

/** in: block, of eight components; tile. out: sifted: closeness to its centre, as if covariances were round */
export function closeness({ wide, features }: Setting, kind: MatrixKind): Routine {
  const layout = sieveLayout(features, kind);
  const vectors = SIEVED / wide.count;
  return routine(["block", "tile", "sifted"] as const, ({ block, tile, sifted }) => {
    const squares = range(vectors).map(() => vector(wide.zero()));
    const [pivot, centre] = [integer(block), integer(tile)];
    const end = integer(plus(block, features * ROW_BYTES));
    repeat(() => {
      const x = vector(wide.splat(at(TILE.centre, centre)));
      rowOf(wide, vectors, at(layout.pivot, pivot)).forEach((mean, v) => {
        const z = vector(wide.sub(x, mean));
        set(squares[v], wide.madd(z, z, squares[v]));
      });
      advance(pivot, ROW_BYTES);
      advance(centre, 8);
      return lessThan(pivot, end);
    });
    squares.forEach((square, v) => {
      const numbers = (start: number) => wide.load(at(start + v * wide.vectorBytes, block));
      const distance = wide.mul(square, numbers(layout.curvature));
      store(at(SIFTED.closeness + v * wide.vectorBytes, sifted), wide.sub(numbers(layout.reach), distance));
    });
  });
}

/** What rounding adds to a projection, in parts of |e| ρ: far more than d² 2⁻⁵³. */
const PROJECTED = 2 ** -30;

function rowOf(lanes: Lanes, vectors: number, address: Address) {
  return range(vectors).map((v) => lanes.load(at(address.offset + v * lanes.vectorBytes, address.pointer)));
}

/**
 * in: lane, the direction of one component of eight; numbers, of that component: reach, |y| as the sieve leaves it, 1/|y|;
 * points … pointsEnd, references; tile. out: numbers: 1 in the place of reach if the component may reach a point, else 0
 */
export function project(setting: Setting): Routine {
  const { wide, pool, features, tileSize, unrolled } = setting;
  const rowBytes = tileSize * 8;
  const vectors = PROJECTED_VECTORS;
  return routine(["lane", "numbers", "points", "pointsEnd", "references", "tile"] as const, (p) => {
    const reach = vector(wide.splat(at(PROJECTION.reach, p.numbers)));
    const distance = vector(wide.splat(at(PROJECTION.distance, p.numbers)));
    const inverse = vector(wide.splat(at(PROJECTION.inverse, p.numbers)));
    const slope = vector(pool.splat(SLOPE));
    const most = vector(wide.parted(pool.splat(-1)));
    walkTiles(setting, p.points, p.pointsEnd, vectors * wide.vectorBytes, () => {
      const sums = range(vectors).map(() => vector(wide.zero()));
      const rows = {
        x: { first: at(0, p.points), bytes: rowBytes },
        centre: { first: at(TILE.centre, p.tile), bytes: 8 },
        direction: { first: at(0, p.lane), bytes: ROW_BYTES },
      };
      walkFeatures(features, unrolled, rows, (count, first) => {
        for (const j of range(count)) {
          const centre = vector(wide.splat(at(first.centre.offset + j * 8, first.centre.pointer)));
          const along = vector(wide.splat(at(first.direction.offset + j * ROW_BYTES, first.direction.pointer)));
          sums.forEach((sum, v) => {
            const x = wide.load(at(first.x.offset + j * rowBytes + v * wide.vectorBytes, first.x.pointer));
            set(sum, wide.madd(wide.sub(x, centre), along, sum));
          });
        }
      });
      sums.forEach((sum, v) => {
        const least = vector(wide.greatest(wide.madd(sum, inverse, distance), wide.zero()));
        const needed = wide.sub(reach, wide.load(at(v * wide.vectorBytes, p.references)));
        set(most, wide.greatest(most, wide.sub(needed, wide.mul(wide.mul(least, least), slope))));
      });
      advance(p.references, vectors * wide.vectorBytes);
    });
    storeInteger(at(PROJECTION.reach, p.numbers), anyTrue(vector(wide.atLeast(most, wide.zero()))));
  });
}

/** The numbers that `project` takes. */
export const PROJECTION = { reach: 0, distance: 8, inverse: 16, bytes: 24 };
/** Of points, side by side. */
const PROJECTED_VECTORS = 4;
