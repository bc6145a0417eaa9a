import type { MatrixKind } from "../../../covariance/types.ts";
import { triangleLength } from "../../../linear-algebra/triangle.ts";
import { RULE_SLOPE } from "../../../mixture/density.ts";
import { type Row, walkFeatures } from "../language/feature-walk.ts";
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
  lessThan,
  plus,
  type Routine,
  repeat,
  routine,
  set,
  store,
  storeInteger,
  type Variable,
  type Vector,
  vector,
} from "../language/wasm.ts";

// Which components may reach a ball of points (derivation.md §18): with y = W (x̄ − μ) at its centre, e = Wᵀy/|y| and ρ
// its radius, |W (x − μ)| ≥ |y| − |e| ρ for all its points, and |W (x − μ)| ≥ |y| + e·(x̄' − x̄) − |e| ρ' for those of a ball
// inside it. Eight components stand side by side, or eight balls, each number of theirs in a row of eight.

export const SIDE_BY_SIDE = 8;
export const ROW_BYTES: number = 8 * SIDE_BY_SIDE;
const SLOPE = RULE_SLOPE / 2;

/** The numbers of eight components, in bytes. From `reach` to `spread`: pair-lists.ts */
export interface SieveLayout {
  readonly reach: number;
  readonly keep: number;
  readonly absolute: number;
  readonly spread: number;
  readonly pivot: number;
  readonly biases: number;
  readonly factor: number;
  readonly bytes: number;
}

export function sieveLayout(features: number, kind: MatrixKind): SieveLayout {
  const pivot = 4 * ROW_BYTES;
  const biases = pivot + features * ROW_BYTES;
  const factor = biases + features * ROW_BYTES;
  const bytes = factor + (kind === "triangle" ? triangleLength(features) : features) * ROW_BYTES;
  const rows = { reach: 0, keep: ROW_BYTES, absolute: 2 * ROW_BYTES, spread: 3 * ROW_BYTES };
  return { ...rows, pivot, biases, factor, bytes };
}

/** Eight balls, in bytes: the least reference of each, its radius, and its centre, d rows. */
export const BALLS: Record<"floor" | "radius" | "centre", number> = {
  floor: 0,
  radius: ROW_BYTES,
  centre: 2 * ROW_BYTES,
};

export function ballsBytes(features: number): number {
  return BALLS.centre + features * ROW_BYTES;
}

/**
 * What a sieve leaves of eight components, in bytes: by how many nats one may reach the ball, |y| less what rounding may
 * add, 1/|y|, |e|; from `direction` on Wᵀy, d rows, and then room for its work.
 */
export const SIFTED: Record<"margin" | "distance" | "inverse" | "steep" | "direction", number> = {
  margin: 0,
  distance: ROW_BYTES,
  inverse: 2 * ROW_BYTES,
  steep: 3 * ROW_BYTES,
  direction: 4 * ROW_BYTES,
};

/** Without that room. */
export function keptBytes(features: number): number {
  return SIFTED.direction + features * ROW_BYTES;
}

export function siftedBytes(features: number): number {
  return SIFTED.direction + 3 * features * ROW_BYTES;
}

/** What stands side by side: eight components, against one ball; or eight balls, against one component. */
type Side = "components" | "balls";

/** in: component, ball: eight of the one, and one of eight of the other. out: sifted */
export function sieve({ wide, pool, features }: Setting, kind: MatrixKind, side: Side): Routine {
  const layout = sieveLayout(features, kind);
  const vectors = SIDE_BY_SIDE / wide.count;
  const rowsEnd = (rows: number) => rows * ROW_BYTES;
  const row = ({ pointer, offset }: Address) =>
    range(vectors).map((v) => wide.load(at(offset + v * wide.vectorBytes, pointer)));
  const one = (address: Address) => {
    const number = vector(wide.splat(address));
    return range(vectors).map(() => number);
  };
  const [ofComponent, ofBall] = side === "components" ? [row, one] : [one, row];
  return routine(["components", "ball", "sifted"] as const, (p) => {
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
    function centreRows({ components, ball, sifted }: typeof p): void {
      const [pivot, centre, out] = [integer(components), integer(ball), integer(sifted)];
      const end = integer(plus(components, rowsEnd(features)));
      repeat(() => {
        const x = ofBall(at(BALLS.centre, centre));
        ofComponent(at(layout.pivot, pivot)).forEach((mean, v) => {
          store(at(z + v * wide.vectorBytes, out), wide.sub(x[v], mean));
        });
        for (const pointer of [pivot, centre, out]) advance(pointer, ROW_BYTES);
        return lessThan(pivot, end);
      });
    }

    /** y = W z − b */
    function multiply({ components, sifted }: typeof p): void {
      const [bias, factor, out] = [integer(components), integer(components), integer(sifted)];
      const last = integer(plus(sifted, ROW_BYTES));
      const end = integer(plus(components, rowsEnd(features)));
      repeat(() => {
        const sums = ofComponent(at(layout.biases, bias)).map((b) => vector(side === "balls" ? wide.parted(b) : b));
        const column = integer(sifted);
        repeat(() => {
          const w = ofComponent(at(layout.factor, factor));
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
        for (const pointer of [last, bias, out]) advance(pointer, ROW_BYTES);
        return lessThan(bias, end);
      });
    }

    /** Wᵀy */
    function multiplyTransposed({ components, sifted }: typeof p): void {
      const [start, step, out] = [integer(components), integer(ROW_BYTES), integer(sifted)];
      const end = integer(plus(sifted, rowsEnd(features)));
      repeat(() => {
        const sums = range(vectors).map(() => vector(wide.zero()));
        const [factor, below, down] = [integer(start), integer(out), integer(step)];
        repeat(() => {
          const w = ofComponent(at(layout.factor, factor));
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
    function scale({ components, sifted }: typeof p): void {
      const [own, out] = [integer(components), integer(sifted)];
      const end = integer(plus(components, rowsEnd(features)));
      repeat(() => {
        const w = ofComponent(at(layout.factor, own)).map((a) => vector(a));
        const bias = ofComponent(at(layout.biases, own));
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

    function finish({ components, ball, sifted }: typeof p): void {
      const slope = vector(pool.splat(SLOPE));
      const [floor, radius] = [ofBall(at(BALLS.floor, ball)), ofBall(at(BALLS.radius, ball))];
      const [reach, keep, absolute, spread] = [layout.reach, layout.keep, layout.absolute, layout.spread].map(
        (number) => ofComponent(at(number, components)),
      );
      squares.forEach((square, v) => {
        const keepAs = (number: number, value: Vector) => store(at(number + v * wide.vectorBytes, sifted), value);
        const length = vector(wide.sqrt(square));
        const steepness = vector(wide.div(wide.sqrt(directionSquares[v]), length));
        const sure = vector(wide.sub(wide.mul(length, keep[v]), absolute[v]));
        const rounding = wide.madd(steepness, pool.splat(PROJECTED), spread[v]);
        const steep = vector(wide.add(steepness, spread[v]));
        const least = vector(wide.greatest(wide.sub(sure, wide.mul(steep, radius[v])), wide.zero()));
        const needed = vector(wide.sub(reach[v], floor[v]));
        keepAs(SIFTED.inverse, wide.div(pool.splat(1), length));
        keepAs(SIFTED.distance, wide.sub(sure, wide.mul(rounding, radius[v])));
        keepAs(SIFTED.steep, steep);
        keepAs(SIFTED.margin, wide.sub(needed, wide.mul(wide.mul(least, least), slope)));
      });
    }
  });
}

/** What rounding adds to a projection, in parts of |e| ρ: far more than d² 2⁻⁵³. */
const PROJECTED = 2 ** -30;

/**
 * Components of a sieve that was asked about a group of tiles, along its directions to a tile.
 * in: components … componentsEnd, by eights; sifted, of the group, by eights; between, from its centre to that of the tile, d;
 * tile, the first of eight balls. out: margins: by how many nats each may reach the tile, in eights
 */
export function screen({ wide, pool, features, unrolled }: Setting, kind: MatrixKind): Routine {
  const vectors = SIDE_BY_SIDE / wide.count;
  const names = ["components", "componentsEnd", "sifted", "between", "tile", "margins"] as const;
  return routine(names, (p) => {
    const [floor, radius] = [BALLS.floor, BALLS.radius].map((number) => vector(wide.splat(at(number, p.tile))));
    const slope = vector(pool.splat(SLOPE));
    repeat(() => {
      const sums = range(vectors).map(() => vector(wide.zero()));
      const rows = {
        direction: { first: at(SIFTED.direction, p.sifted), bytes: ROW_BYTES },
        between: { first: at(0, p.between), bytes: 8 },
      };
      walkFeatures(features, unrolled, rows, (count, { direction, between }) => {
        for (const j of range(count)) {
          const away = vector(wide.splat(at(between.offset + j * 8, between.pointer)));
          sums.forEach((sum, v) => {
            const along = wide.load(at(direction.offset + j * ROW_BYTES + v * wide.vectorBytes, direction.pointer));
            set(sum, wide.madd(along, away, sum));
          });
        }
      });
      sums.forEach((sum, v) => {
        const of = (field: number, pointer: Integer) => wide.load(at(field + v * wide.vectorBytes, pointer));
        const [distance, inverse, steep] = [SIFTED.distance, SIFTED.inverse, SIFTED.steep].map((field) =>
          of(field, p.sifted),
        );
        const nearest = wide.sub(wide.madd(sum, inverse, distance), wide.mul(steep, radius));
        const least = vector(wide.greatest(nearest, wide.zero()));
        const needed = wide.sub(of(0, p.components), floor);
        store(at(v * wide.vectorBytes, p.margins), wide.sub(needed, wide.mul(wide.mul(least, least), slope)));
      });
      advance(p.components, sieveLayout(features, kind).bytes);
      advance(p.sifted, keptBytes(features));
      advance(p.margins, ROW_BYTES);
      return lessThan(p.components, p.componentsEnd);
    });
  });
}

/**
 * Eight balls inside another, along the direction of that one.
 * in: component, of a sieve; sifted, of that component and the ball; ball, the first of its eight or another; inside, eight
 * out: answer: 1 if the component may reach one of them, else 0
 */
export function along(setting: Setting): Routine {
  const { wide, pool, features, unrolled } = setting;
  const vectors = SIDE_BY_SIDE / wide.count;
  return routine(["component", "sifted", "ball", "inside", "answer"] as const, (p) => {
    const sums = range(vectors).map(() => vector(wide.zero()));
    const rows = { ...directionRows(p), inside: { first: at(BALLS.centre, p.inside), bytes: ROW_BYTES } };
    walkFeatures(features, unrolled, rows, (count, first) => {
      for (const j of range(count)) {
        const [direction, centre] = splats(setting, first, j);
        sums.forEach((sum, v) => {
          const { offset, pointer } = first.inside;
          const x = wide.load(at(offset + j * ROW_BYTES + v * wide.vectorBytes, pointer));
          set(sum, wide.madd(wide.sub(x, centre), direction, sum));
        });
      }
    });
    const of = siftedNumbers(setting, p);
    const slope = vector(pool.splat(SLOPE));
    const most = vector(wide.parted(pool.splat(-1)));
    sums.forEach((sum, v) => {
      const inside = (field: number) => wide.load(at(field + v * wide.vectorBytes, p.inside));
      const nearest = wide.sub(wide.madd(sum, of.inverse, of.distance), wide.mul(inside(BALLS.radius), of.steep));
      const least = vector(wide.greatest(nearest, wide.zero()));
      const needed = wide.sub(of.reach, inside(BALLS.floor));
      set(most, wide.greatest(most, wide.sub(needed, wide.mul(wide.mul(least, least), slope))));
    });
    storeInteger(at(0, p.answer), anyTrue(vector(wide.atLeast(most, wide.zero()))));
  });
}

/** The same of the points of a tile. in: points … pointsEnd, references */
export function project(setting: Setting): Routine {
  const { wide, pool, features, tileSize, unrolled } = setting;
  const rowBytes = tileSize * 8;
  const vectors = PROJECTED_VECTORS;
  const names = ["component", "sifted", "ball", "points", "pointsEnd", "references", "answer"] as const;
  return routine(names, (p) => {
    const of = siftedNumbers(setting, p);
    const slope = vector(pool.splat(SLOPE));
    const most = vector(wide.parted(pool.splat(-1)));
    walkTiles(setting, p.points, p.pointsEnd, vectors * wide.vectorBytes, () => {
      const sums = range(vectors).map(() => vector(wide.zero()));
      const rows = { x: { first: at(0, p.points), bytes: rowBytes }, ...directionRows(p) };
      walkFeatures(features, unrolled, rows, (count, first) => {
        for (const j of range(count)) {
          const [direction, centre] = splats(setting, first, j);
          sums.forEach((sum, v) => {
            const x = wide.load(at(first.x.offset + j * rowBytes + v * wide.vectorBytes, first.x.pointer));
            set(sum, wide.madd(wide.sub(x, centre), direction, sum));
          });
        }
      });
      sums.forEach((sum, v) => {
        const least = vector(wide.greatest(wide.madd(sum, of.inverse, of.distance), wide.zero()));
        const needed = wide.sub(of.reach, wide.load(at(v * wide.vectorBytes, p.references)));
        set(most, wide.greatest(most, wide.sub(needed, wide.mul(wide.mul(least, least), slope))));
      });
      advance(p.references, vectors * wide.vectorBytes);
    });
    storeInteger(at(0, p.answer), anyTrue(vector(wide.atLeast(most, wide.zero()))));
  });
}

/** Of points, side by side. */
const PROJECTED_VECTORS = 4;

type Pair = Record<"component" | "sifted" | "ball", Integer>;

function directionRows({ sifted, ball }: Pair): Record<"direction" | "centre", Row> {
  return {
    direction: { first: at(SIFTED.direction, sifted), bytes: ROW_BYTES },
    centre: { first: at(BALLS.centre, ball), bytes: ROW_BYTES },
  };
}

/** Wᵀy and the centre, of a feature */
function splats({ wide }: Setting, first: Record<"direction" | "centre", Address>, j: number): [Vector, Vector] {
  const splat = ({ offset, pointer }: Address) => vector(wide.splat(at(offset + j * ROW_BYTES, pointer)));
  return [splat(first.direction), splat(first.centre)];
}

function siftedNumbers({ wide }: Setting, { component, sifted }: Pair) {
  const number = (address: Address) => vector(wide.splat(address));
  return {
    reach: number(at(0, component)),
    distance: number(at(SIFTED.distance, sifted)),
    inverse: number(at(SIFTED.inverse, sifted)),
    steep: number(at(SIFTED.steep, sifted)),
  };
}
