import {
  advance,
  and,
  at,
  type Integer,
  integer,
  type Lanes,
  lessThan,
  minus,
  plus,
  type Routine,
  repeat,
  routine,
  set,
  store,
  type Variable,
  vector,
  when,
} from "../../language/wasm.ts";
import type { TriangleSetting } from "./errors.ts";

/** The least positive number, and the greatest finite one. */
const LEAST = 5e-324;
const GREATEST = Number.MAX_VALUE;

/**
 * in: A. out: root, the L of A = L Lᵀ; inverse, W = L⁻¹; inflation, max_j A_jj Σ_i W_ij²; found, all ones where A is positive
 * definite and the inflation a number
 */
export function factorize(setting: TriangleSetting): Routine {
  const { lanes, pool, features } = setting;
  return routine(["symmetric", "root", "inverse", "inflation", "found"] as const, (p) => {
    const found = vector(lanes.atLeast(lanes.zero(), lanes.zero()));
    const end = integer(plus(p.root, (features * (features + 1) * lanes.vectorBytes) / 2));
    copy(lanes, { from: p.symmetric, to: p.root, end });
    decompose(setting, p.root, end, found);
    invert(setting, p.root, end, p.inverse);
    const most = vector(lanes.zero());
    const bytes = lanes.vectorBytes;
    const [row, covariance, stride] = [integer(p.inverse), integer(p.symmetric), integer(bytes)];
    const inverseEnd = integer(plus(p.inverse, minus(end, p.root)));
    repeat(() => {
      // From the diagonal down the column.
      const [entry, step] = [integer(row), integer(stride)];
      const sum = vector(lanes.zero());
      repeat(() => {
        const value = vector(lanes.load(at(0, entry)));
        set(sum, lanes.add(sum, lanes.mul(value, value)));
        advance(entry, step);
        advance(step, bytes);
        return lessThan(entry, inverseEnd);
      });
      const inflation = vector(lanes.mul(lanes.load(at(0, covariance)), sum));
      set(found, and(found, lanes.atLeast(pool.splat(GREATEST), inflation)));
      set(most, lanes.greatest(inflation, most));
      advance(stride, bytes);
      advance(row, stride);
      advance(covariance, stride);
      return lessThan(row, inverseEnd);
    });
    store(at(0, p.inflation), most);
    store(at(0, p.found), found);
  });
}

interface Copied {
  readonly from: Integer;
  readonly to: Integer;
  readonly end: Integer;
}

function copy(lanes: Lanes, { from: source, to: target, end }: Copied): void {
  const [from, to] = [integer(source), integer(target)];
  repeat(() => {
    store(at(0, to), lanes.load(at(0, from)));
    advance(from, lanes.vectorBytes);
    advance(to, lanes.vectorBytes);
    return lessThan(to, end);
  });
}

/** A → L in place, row by row. in/out: found, what has had positive pivots */
function decompose({ lanes, pool }: TriangleSetting, root: Integer, end: Integer, found: Variable<"v128">): void {
  const bytes = lanes.vectorBytes;
  const row = integer(root);
  const diagonal = integer(root);
  const stride = integer(bytes);
  repeat(() => {
    const sum = vector(lanes.load(at(0, diagonal)));
    when(lessThan(row, diagonal), () => {
      const [entry, other] = [integer(row), integer(root)];
      repeat(() => {
        const own = vector(lanes.load(at(0, entry)));
        const a = integer(row);
        when(lessThan(a, entry), () =>
          repeat(() => {
            set(own, lanes.sub(own, lanes.mul(lanes.load(at(0, a)), lanes.load(at(0, other)))));
            advance(a, bytes);
            advance(other, bytes);
            return lessThan(a, entry);
          }),
        );
        set(own, lanes.div(own, lanes.load(at(0, other))));
        store(at(0, entry), own);
        set(sum, lanes.sub(sum, lanes.mul(own, own)));
        advance(entry, bytes);
        advance(other, bytes);
        return lessThan(entry, diagonal);
      });
    });
    set(found, and(found, and(lanes.atLeast(sum, pool.splat(LEAST)), lanes.atLeast(pool.splat(GREATEST), sum))));
    store(at(0, diagonal), lanes.sqrt(sum));
    set(row, plus(diagonal, bytes));
    advance(stride, bytes);
    advance(diagonal, stride);
    return lessThan(row, end);
  });
}

/** L → L⁻¹. */
function invert({ lanes, pool }: TriangleSetting, root: Integer, end: Integer, inverse: Integer): void {
  const bytes = lanes.vectorBytes;
  const [row, out] = [integer(root), integer(inverse)];
  const rowBytes = integer(0);
  repeat(() => {
    const diagonal = integer(plus(row, rowBytes));
    const factor = vector(lanes.div(pool.splat(1), lanes.load(at(0, diagonal))));
    when(lessThan(row, diagonal), () => {
      // Of the other rows, first the diagonal one of the column.
      const [first, firstOther, firstStep] = [integer(row), integer(inverse), integer(bytes)];
      repeat(() => {
        const [a, b, step] = [integer(first), integer(firstOther), integer(firstStep)];
        const sum = vector(lanes.zero());
        repeat(() => {
          set(sum, lanes.add(sum, lanes.mul(lanes.load(at(0, a)), lanes.load(at(0, b)))));
          advance(a, bytes);
          advance(b, step);
          advance(step, bytes);
          return lessThan(a, diagonal);
        });
        store(at(0, out), lanes.mul(lanes.sub(lanes.zero(), sum), factor));
        advance(out, bytes);
        advance(first, bytes);
        advance(firstStep, bytes);
        advance(firstOther, firstStep);
        return lessThan(first, diagonal);
      });
    });
    store(at(0, out), factor);
    advance(out, bytes);
    set(row, plus(diagonal, bytes));
    advance(rowBytes, bytes);
    return lessThan(row, end);
  });
}
