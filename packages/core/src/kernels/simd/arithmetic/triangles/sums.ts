import {
  advance,
  at,
  integer,
  lessThan,
  plus,
  type Routine,
  repeat,
  routine,
  set,
  store,
  vector,
} from "../../language/wasm.ts";
import { errorOfProduct, errorOfSum, type TriangleSetting, upperHalf } from "./errors.ts";

/** in: shifts δ and what their division left, d each; mass. in/out: scatter S → (S − N δδᵀ)/N, as covariance/shift.ts subtracts */
export function moveScatter(setting: TriangleSetting): Routine {
  const { lanes, features } = setting;
  const bytes = lanes.vectorBytes;
  const { add, sub, mul } = lanes;
  return routine(["scatter", "mass", "shifts", "rests"] as const, (p) => {
    const mass = vector(lanes.load(at(0, p.mass)));
    const massHigh = vector(upperHalf(setting, mass));
    const end = integer(plus(p.shifts, features * bytes));
    const [own, ownRest] = [integer(p.shifts), integer(p.rests)];
    repeat(() => {
      const [a, aRest] = [vector(lanes.load(at(0, own))), vector(lanes.load(at(0, ownRest)))];
      const aHigh = vector(upperHalf(setting, a));
      advance(own, bytes);
      advance(ownRest, bytes);
      const [other, otherRest] = [integer(p.shifts), integer(p.rests)];
      repeat(() => {
        const b = vector(lanes.load(at(0, other)));
        const product = vector(mul(a, b));
        const lost = errorOfProduct(setting, { a, aHigh, b, bHigh: vector(upperHalf(setting, b)) }, product);
        const left = vector(add(lost, add(mul(a, lanes.load(at(0, otherRest))), mul(aRest, b))));
        const value = vector(mul(mass, product));
        const before = vector(lanes.load(at(0, p.scatter)));
        const taken = vector(sub(lanes.zero(), value));
        const sum = vector(sub(before, value));
        const halves = { a: mass, aHigh: massHigh, b: product, bHigh: vector(upperHalf(setting, product)) };
        const rounded = add(errorOfProduct(setting, halves, value), mul(mass, left));
        const error = sub(add(lanes.zero(), errorOfSum(setting, before, taken, sum)), rounded);
        store(at(0, p.scatter), lanes.div(add(sum, error), mass));
        advance(p.scatter, bytes);
        advance(other, bytes);
        advance(otherRest, bytes);
        return lessThan(other, own);
      });
      return lessThan(own, end);
    });
  });
}

/**
 * in: covariances; common, one packed triangle for all; vectors, d; shares of the three. out: sums, the weighted sum of covariance,
 * common and v vᵀ, as covariance/sum.ts adds
 */
export function addTriangles({ lanes, features }: TriangleSetting): Routine {
  const bytes = lanes.vectorBytes;
  const { add, mul } = lanes;
  return routine(["covariances", "common", "vectors", "shares", "sums"] as const, (p) => {
    const shares = [0, 1, 2].map((i) => vector(lanes.load(at(i * bytes, p.shares))));
    const end = integer(plus(p.vectors, features * bytes));
    const own = integer(p.vectors);
    repeat(() => {
      const row = vector(mul(shares[2], lanes.load(at(0, own))));
      advance(own, bytes);
      const other = integer(p.vectors);
      repeat(() => {
        const sum = vector(add(lanes.zero(), mul(shares[0], lanes.load(at(0, p.covariances)))));
        set(sum, add(sum, mul(shares[1], lanes.parted(lanes.splat(at(0, p.common))))));
        store(at(0, p.sums), add(sum, mul(row, lanes.load(at(0, other)))));
        for (const pointer of [p.covariances, p.sums, other]) advance(pointer, bytes);
        advance(p.common, lanes.bytes);
        return lessThan(other, own);
      });
      return lessThan(own, end);
    });
  });
}

/** in: factors W; root L, one packed triangle for all. out: spread, ‖W L‖², as covariance/conditioning.ts adds */
export function findSpread({ lanes, features }: TriangleSetting): Routine {
  const bytes = lanes.vectorBytes;
  return routine(["factors", "root", "spread"] as const, (p) => {
    const total = vector(lanes.zero());
    const [row, rowBytes] = [integer(p.factors), integer(bytes)];
    const end = integer(plus(p.factors, (features * (features + 1) * bytes) / 2));
    repeat(() => {
      const rowEnd = integer(plus(row, rowBytes));
      // Of the column, first the entry on the diagonal.
      const [first, column, stride] = [integer(row), integer(p.root), integer(lanes.bytes)];
      repeat(() => {
        const sum = vector(lanes.zero());
        const [own, other, step] = [integer(first), integer(column), integer(stride)];
        repeat(() => {
          const entry = lanes.parted(lanes.splat(at(0, other)));
          set(sum, lanes.add(sum, lanes.mul(lanes.load(at(0, own)), entry)));
          advance(own, bytes);
          advance(other, step);
          advance(step, lanes.bytes);
          return lessThan(own, rowEnd);
        });
        set(total, lanes.add(total, lanes.mul(sum, sum)));
        advance(first, bytes);
        advance(stride, lanes.bytes);
        advance(column, stride);
        return lessThan(first, rowEnd);
      });
      set(row, rowEnd);
      advance(rowBytes, bytes);
      return lessThan(row, end);
    });
    store(at(0, p.spread), total);
  });
}
