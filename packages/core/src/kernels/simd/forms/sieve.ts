import type { MatrixKind } from "../../../covariance/types.ts";
import { triangleLength } from "../../../linear-algebra/triangle.ts";
import { RULE_SLOPE } from "../../../mixture/density.ts";
import { walkFeatures } from "../language/feature-walk.ts";
import { ASKED, fieldOf, walkList } from "../language/lists.ts";
import { range } from "../language/range.ts";
import type { Setting } from "../language/setting.ts";
import {
  type Address,
  advance,
  anyTrue,
  at,
  chosen,
  demoted,
  f64Lanes,
  type Integer,
  integer,
  type Lanes,
  lessThan,
  or,
  plus,
  promotedHalvesAt,
  type Routine,
  repeat,
  routine,
  set,
  shifted,
  store,
  storeInteger,
  storeQuarter,
  type Variable,
  type Vector,
  vector,
} from "../language/wasm.ts";

// Which components may reach a ball of points (derivation.md §18): with y = W (x̄ − μ) at its centre, e = Wᵀy/|y| and ρ
// its radius, |W (x − μ)| ≥ |y| − |e| ρ for all its points, and |W (x − μ)| ≥ |y| + e·(x̄' − x̄) − |e| ρ' for those of a ball
// inside it. Eight components stand side by side, each number of theirs in a row of eight.

export const SIDE_BY_SIDE = 8;
export const ROW_BYTES: number = 8 * SIDE_BY_SIDE;
const SLOPE = RULE_SLOPE / 2;

/** The numbers of eight components, in bytes. From `reach` to `away`: pair-lists.ts */
export interface SieveLayout {
  readonly reach: number;
  readonly keep: number;
  readonly absolute: number;
  readonly spread: number;
  readonly narrow: number;
  readonly away: number;
  readonly pivot: number;
  readonly biases: number;
  readonly factor: number;
  readonly bytes: number;
}

export function sieveLayout(features: number, kind: MatrixKind): SieveLayout {
  const row = (index: number) => index * ROW_BYTES;
  const pivot = row(6);
  const biases = pivot + row(features);
  const factor = biases + row(features);
  const bytes = factor + row(kind === "triangle" ? triangleLength(features) : features);
  const rows = { reach: 0, keep: row(1), absolute: row(2), spread: row(3), narrow: row(4), away: row(5) };
  return { ...rows, pivot, biases, factor, bytes };
}

/** A ball, in bytes: its least reference, its radius, and its centre, d numbers. */
export const BALL: Record<"floor" | "radius" | "centre", number> = { floor: 0, radius: 8, centre: 16 };

export function ballBytes(features: number): number {
  return BALL.centre + features * 8;
}

/**
 * What a sieve leaves of eight components, in bytes: by how many nats one may reach the ball, |y| less what rounding may
 * add, 1/|y|, |e|; from `direction` on Wᵀy, d rows.
 */
export const SIFTED: Record<"margin" | "distance" | "inverse" | "steep" | "direction", number> = {
  margin: 0,
  distance: ROW_BYTES,
  inverse: 2 * ROW_BYTES,
  steep: 3 * ROW_BYTES,
  direction: 4 * ROW_BYTES,
};

export function siftedBytes(features: number): number {
  return SIFTED.direction + features * ROW_BYTES;
}

/** The room in which eight components are sifted: z and y. */
export function siftingBytes(features: number): number {
  return 2 * features * ROW_BYTES;
}

/**
 * Eight components against a ball, by how wide they are at most: |W (x − μ)| ≥ |x − μ| / σ.
 * in: components … componentsEnd, by eights. out: margins: by how many nats each may reach the ball, in eights
 */
export function approach({ wide, pool, features, unrolled }: Setting, kind: MatrixKind): Routine {
  const layout = sieveLayout(features, kind);
  const vectors = SIDE_BY_SIDE / wide.count;
  return routine(["components", "componentsEnd", "ball", "margins"] as const, (p) => {
    const [floor, radius] = [BALL.floor, BALL.radius].map((number) => vector(wide.splat(at(number, p.ball))));
    const slope = vector(pool.splat(SLOPE));
    repeat(() => {
      const sums = range(vectors).map(() => vector(wide.zero()));
      const rows = {
        pivot: { first: at(layout.pivot, p.components), bytes: ROW_BYTES },
        centre: { first: at(BALL.centre, p.ball), bytes: 8 },
      };
      walkFeatures(features, unrolled, rows, (count, { pivot, centre }) => {
        for (const j of range(count)) {
          const x = vector(wide.splat(shifted(centre, j * 8)));
          sums.forEach((sum, v) => {
            const z = vector(wide.sub(x, wide.load(shifted(pivot, j * ROW_BYTES + v * wide.vectorBytes))));
            set(sum, wide.madd(z, z, sum));
          });
        }
      });
      sums.forEach((sum, v) => {
        const of = (field: number) => wide.load(at(field + v * wide.vectorBytes, p.components));
        const distance = wide.mul(wide.sqrt(wide.least(sum, pool.splat(MOST_SQUARED))), pool.splat(1 - MEASURED));
        const between = wide.sub(distance, radius);
        const least = vector(
          wide.greatest(wide.sub(wide.mul(between, of(layout.narrow)), of(layout.away)), wide.zero()),
        );
        const needed = wide.sub(of(layout.reach), floor);
        store(at(v * wide.vectorBytes, p.margins), wide.sub(needed, wide.mul(wide.mul(least, least), slope)));
      });
      advance(p.components, layout.bytes);
      advance(p.margins, ROW_BYTES);
      return lessThan(p.components, p.componentsEnd);
    });
  });
}

/** What rounding takes from a distance, in parts of it: far more than d 2⁻⁵³. */
const MEASURED = 2 ** -30;
/** Squares beyond might be infinite. A smaller number is as true. */
const MOST_SQUARED = 1e300;

/** in: components, eight; ball; room, for `siftingBytes`. out: sifted */
export function sieve({ wide, pool, features }: Setting, kind: MatrixKind): Routine {
  const layout = sieveLayout(features, kind);
  const vectors = SIDE_BY_SIDE / wide.count;
  const rowsEnd = (rows: number) => rows * ROW_BYTES;
  const row = ({ pointer, offset }: Address) =>
    range(vectors).map((v) => wide.load(at(offset + v * wide.vectorBytes, pointer)));
  return routine(["components", "ball", "sifted", "room"] as const, (p) => {
    const zero = () => range(vectors).map(() => vector(wide.zero()));
    const [squares, directionSquares] = [zero(), zero()];
    const [z, y] = [0, rowsEnd(features)];
    centreRows(p);
    if (kind === "triangle") {
      multiply(p);
      multiplyTransposed(p);
    } else {
      scale(p);
    }
    finish(p);

    /** z = x̄ − μ */
    function centreRows({ components, ball, room }: typeof p): void {
      const [pivot, centre, out] = [integer(components), integer(ball), integer(room)];
      const end = integer(plus(components, rowsEnd(features)));
      repeat(() => {
        const x = vector(wide.splat(at(BALL.centre, centre)));
        row(at(layout.pivot, pivot)).forEach((mean, v) => {
          store(at(z + v * wide.vectorBytes, out), wide.sub(x, mean));
        });
        for (const pointer of [pivot, out]) advance(pointer, ROW_BYTES);
        advance(centre, 8);
        return lessThan(pivot, end);
      });
    }

    /** y = W z − b */
    function multiply({ components, room }: typeof p): void {
      const [bias, factor, out] = [integer(components), integer(components), integer(room)];
      const last = integer(plus(room, ROW_BYTES));
      const end = integer(plus(components, rowsEnd(features)));
      repeat(() => {
        const sums = row(at(layout.biases, bias)).map((b) => vector(b));
        const column = integer(room);
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
        for (const pointer of [last, bias, out]) advance(pointer, ROW_BYTES);
        return lessThan(bias, end);
      });
    }

    /** Wᵀy */
    function multiplyTransposed({ components, sifted, room }: typeof p): void {
      const [start, step, out, first] = [integer(components), integer(ROW_BYTES), integer(sifted), integer(room)];
      const end = integer(plus(room, rowsEnd(features)));
      repeat(() => {
        const sums = range(vectors).map(() => vector(wide.zero()));
        const [factor, below, down] = [integer(start), integer(first), integer(step)];
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
        for (const pointer of [out, first]) advance(pointer, ROW_BYTES);
        return lessThan(first, end);
      });
    }

    /** y = w z − b, and w y */
    function scale({ components, sifted, room }: typeof p): void {
      const [own, out, from] = [integer(components), integer(sifted), integer(room)];
      const end = integer(plus(components, rowsEnd(features)));
      repeat(() => {
        const w = row(at(layout.factor, own)).map((a) => vector(a));
        const bias = row(at(layout.biases, own));
        const sums = row(at(z, from)).map((zj, v) => vector(wide.madd(w[v], zj, bias[v])));
        sums.forEach((sum, v) => {
          set(squares[v], wide.madd(sum, sum, squares[v]));
        });
        keepDirection(
          sums.map((sum, v) => vector(wide.mul(sum, w[v]))),
          out,
        );
        for (const pointer of [own, out, from]) advance(pointer, ROW_BYTES);
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
      const [floor, radius] = [BALL.floor, BALL.radius].map((number) => vector(wide.splat(at(number, ball))));
      const [reach, keep, absolute, spread] = [layout.reach, layout.keep, layout.absolute, layout.spread].map(
        (number) => row(at(number, components)),
      );
      squares.forEach((square, v) => {
        const keepAs = (number: number, value: Vector) => store(at(number + v * wide.vectorBytes, sifted), value);
        const length = vector(wide.sqrt(square));
        const steepness = vector(wide.div(wide.sqrt(directionSquares[v]), length));
        const rounds = pool.splat((features + 16) * PROJECTED);
        const sure = vector(wide.sub(wide.mul(length, keep[v]), absolute[v]));
        const rounding = wide.madd(steepness, rounds, spread[v]);
        const steep = vector(wide.add(steepness, spread[v]));
        const least = vector(wide.greatest(wide.sub(sure, wide.mul(steep, radius)), wide.zero()));
        const needed = vector(wide.sub(reach[v], floor));
        keepAs(SIFTED.inverse, wide.div(pool.splat(1), length));
        keepAs(SIFTED.distance, wide.sub(sure, wide.mul(rounding, radius)));
        keepAs(SIFTED.steep, steep);
        keepAs(SIFTED.margin, wide.sub(needed, wide.mul(wide.mul(least, least), slope)));
      });
    }
  });
}

/** What rounding adds to a projection in 32 bits, for each feature and for 16 further steps, in parts of |e| ρ. */
const PROJECTED = 2 ** -22;

/**
 * Components of a sieve that was asked about a group of tiles, along its directions to a tile.
 * in: components … componentsEnd, by eights; sifted, of the group, by eights; between, from its centre to that of the tile, d;
 * tile, a ball. out: margins: by how many nats each may reach the tile, in eights
 */
export function screen({ wide, pool, features, unrolled }: Setting, kind: MatrixKind): Routine {
  const vectors = SIDE_BY_SIDE / wide.count;
  const names = ["components", "componentsEnd", "sifted", "between", "tile", "margins"] as const;
  return routine(names, (p) => {
    const [floor, radius] = [BALL.floor, BALL.radius].map((number) => vector(wide.splat(at(number, p.tile))));
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
      advance(p.sifted, siftedBytes(features));
      advance(p.margins, ROW_BYTES);
      return lessThan(p.components, p.componentsEnd);
    });
  });
}

/** in: points, of a tile; ball. out: centred, the points from the centre of the ball in its radii, in 32 bits */
export function centre({ lanes, pool, features, tileSize }: Setting): Routine {
  const wide = f64Lanes(false);
  const rowBytes = tileSize * lanes.bytes;
  return routine(["points", "ball", "centred"] as const, (p) => {
    const pointsEnd = integer(plus(p.points, features * rowBytes));
    const radius = vector(wide.splat(at(BALL.radius, p.ball)));
    const inverse = wide.div(pool.splat(1), radius);
    const scale = vector(chosen(wide.atLeast(wide.zero(), radius), wide.zero(), inverse));
    repeat(() => {
      const middle = vector(wide.splat(at(BALL.centre, p.ball)));
      const from = (x: Vector) => wide.mul(wide.sub(x, middle), scale);
      const rowEnd = integer(plus(p.points, rowBytes));
      repeat(() => {
        const [low, high] = doublesAt(at(0, p.points));
        store(at(0, p.centred), demoted(from(low), from(high)));
        advance(p.points, 4 * lanes.bytes);
        advance(p.centred, wide.vectorBytes);
        return lessThan(p.points, rowEnd);
      });
      advance(p.ball, wide.bytes);
      return lessThan(p.points, pointsEnd);
    });
  });

  function doublesAt(place: Address): [Vector, Vector] {
    if (lanes.bytes === 4) return promotedHalvesAt(place, wide.vectorBytes);
    return [wide.load(place), wide.load(shifted(place, wide.vectorBytes))];
  }
}

/**
 * Which components may reach a point of a tile, along their directions to its group, in 32 bits.
 * in: entries … entriesEnd, each with a component and what was sifted of it; ball, of the group; room, d numbers of 32
 * bits; points, of a tile, from the centre of the ball in its radii; references, which rounding may have lowered.
 * out: marks: 1 for each that may, else 0
 */
export function project(setting: Setting, narrow: Lanes, kind: MatrixKind): Routine {
  const { wide, pool, features, tileSize, unrolled } = setting;
  const layout = sieveLayout(features, kind);
  const rowBytes = tileSize * narrow.bytes;
  const vectors = Math.min(MOST_VECTORS, tileSize / narrow.count);
  const names = ["entries", "entriesEnd", "ball", "room", "points", "references", "marks"] as const;
  return routine(names, (p) => {
    const radius = vector(wide.splat(at(BALL.radius, p.ball)));
    walkList(p.entries, p.entriesEnd, ASKED.bytes, (entry) => {
      const component = fieldOf(entry, ASKED.component);
      const sifted = fieldOf(entry, ASKED.sifted);
      const { distance, reach } = numbersOf(component, sifted);
      writeDirection(sifted, p.room);
      const near = vector(narrow.parted(pool.splat(0)));
      const [points, references] = [integer(p.points), integer(p.references)];
      const end = integer(plus(points, rowBytes));
      repeat(() => {
        const sums = range(vectors).map(() => vector(narrow.parted(distance)));
        const rows = {
          x: { first: at(0, points), bytes: rowBytes },
          direction: { first: at(0, p.room), bytes: narrow.bytes },
        };
        walkFeatures(features, unrolled, rows, (count, { x, direction }) => {
          for (const j of range(count)) {
            const along = vector(narrow.splat(shifted(direction, j * narrow.bytes)));
            sums.forEach((sum, v) => {
              const own = narrow.load(shifted(x, j * rowBytes + v * narrow.vectorBytes));
              set(sum, narrow.madd(own, along, sum));
            });
          }
        });
        sums.forEach((sum, v) => {
          const least = vector(narrow.greatest(sum, narrow.zero()));
          const needed = narrow.sub(reach, narrow.load(at(v * narrow.vectorBytes, references)));
          const far = narrow.atLeast(narrow.mul(narrow.mul(least, least), pool.splatBits(SINGLE_SLOPE)), needed);
          set(near, or(near, chosen(far, narrow.zero(), pool.splatBits(ONES))));
        });
        for (const pointer of [points, references]) advance(pointer, vectors * narrow.vectorBytes);
        return lessThan(points, end);
      });
      storeInteger(at(0, p.marks), anyTrue(near));
      advance(p.marks, 4);
    });

    /** |y| and b, for 32 bits; nothing is known along a direction that is too steep. */
    function numbersOf(component: Integer, sifted: Integer) {
      const number = (address: Address) => vector(wide.splat(address));
      const [distance, steep] = [SIFTED.distance, SIFTED.steep].map((field) => number(at(field, sifted)));
      const reach = number(at(layout.reach, component));
      const along = vector(wide.mul(steep, radius));
      const rounding = wide.mul(wide.add(sizeOf(distance), along), pool.splat(SQUARED));
      const tooSteep = wide.atLeast(along, pool.splat(STEEPEST));
      const lowered = chosen(tooSteep, pool.splat(Number.NEGATIVE_INFINITY), wide.sub(distance, rounding));
      const raised = wide.madd(sizeOf(reach), pool.splat(SQUARED), reach);
      return { distance: singled(lowered), reach: singled(raised) };
    }

    function sizeOf(a: Variable<"v128">): Vector {
      return wide.greatest(a, wide.sub(pool.splat(0), a));
    }

    /** room ← e ρ */
    function writeDirection(sifted: Integer, room: Integer): void {
      const scale = vector(wide.mul(wide.splat(at(SIFTED.inverse, sifted)), radius));
      const rows = {
        direction: { first: at(SIFTED.direction, sifted), bytes: ROW_BYTES },
        out: { first: at(0, room), bytes: narrow.bytes },
      };
      walkFeatures(features, unrolled, rows, (count, { direction, out }) => {
        for (const j of range(count)) {
          const own = wide.mul(wide.splat(shifted(direction, j * ROW_BYTES)), scale);
          storeQuarter(shifted(out, j * narrow.bytes), singled(own), 0);
        }
      });
    }
  });
}

/** A number that is the same in all lanes, rounded to 32 bits. */
function singled(value: Vector): Vector {
  const number = vector(value);
  return demoted(number, number);
}

/** Vectors of points that are projected side by side. */
const MOST_VECTORS = 8;
/** What rounding to 32 bits and back may change of a number, or of its square, in parts of it. */
const SQUARED = 2 ** -20;
/** Projections of more, in 32 bits, may lose numbers. */
const STEEPEST = 1e20;
const ONES = 0xffffffffffffffffn;
/** in both halves of 64 bits */
const SINGLE_SLOPE = new BigUint64Array(Float32Array.of(SLOPE, SLOPE).buffer)[0];
