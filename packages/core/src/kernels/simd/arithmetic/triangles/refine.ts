import {
  advance,
  at,
  constant,
  type Integer,
  integer,
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
import { errorOfProduct, errorOfSum, type TriangleSetting, upperHalf } from "./errors.ts";

/** Room for a refinement, in vectors: what `refine` takes, in its order. */
export function refiningRoom(features: number): Readonly<Record<RoomName, number>> {
  return { full: 2 * features * features, row: 2 * features, sums: features, errors: features, residual: features };
}

type RoomName = "full" | "row" | "sums" | "errors" | "residual";
type Room = Readonly<Record<RoomName, Integer>>;

/**
 * As `refineInverse` (linear-algebra/refine-inverse.ts); not finite where a product there leaves the range of halves.
 * in: A; room, with any content. in/out: W
 */
export function refine(setting: TriangleSetting): Routine {
  const { lanes, features } = setting;
  const bytes = lanes.vectorBytes;
  const names = ["inverse", "symmetric", "full", "row", "sums", "errors", "residual"] as const;
  return routine(names, ({ inverse, symmetric, ...room }) => {
    expand(setting, symmetric, room.full);
    const row = integer(plus(inverse, (features * (features - 1) * bytes) / 2));
    const rowBytes = integer(features * bytes);
    repeat(() => {
      const diagonal = integer(minus(plus(row, rowBytes), bytes));
      split(setting, row, diagonal, room.row);
      multiply(setting, rowBytes, room);
      const last = integer(minus(plus(room.residual, rowBytes), bytes));
      findResiduals(setting, { inverse, diagonal, last }, room);
      correct(setting, { inverse, row, diagonal, last }, room);
      set(rowBytes, minus(rowBytes, bytes));
      set(row, minus(row, rowBytes));
      return lessThan(constant(0), rowBytes);
    });
  });
}

/** A packed triangle → all of the matrix, each entry with its upper half. */
function expand(setting: TriangleSetting, symmetric: Variable<"i32">, full: Integer): void {
  const { lanes, features } = setting;
  const bytes = lanes.vectorBytes;
  const from = integer(symmetric);
  const [rowStart, columnStart] = [integer(full), integer(full)];
  const end = integer(plus(full, 2 * bytes * features));
  repeat(() => {
    const [own, mirrored] = [integer(rowStart), integer(columnStart)];
    repeat(() => {
      const value = vector(lanes.load(at(0, from)));
      const high = vector(upperHalf(setting, value));
      for (const to of [own, mirrored]) {
        store(at(0, to), value);
        store(at(bytes, to), high);
      }
      advance(from, bytes);
      advance(own, 2 * bytes);
      advance(mirrored, 2 * bytes * features);
      // The diagonal entry, which is its own mirror image, is the last one of its row.
      return lessThan(mirrored, plus(own, 1));
    });
    advance(rowStart, 2 * bytes * features);
    advance(columnStart, 2 * bytes);
    return lessThan(columnStart, end);
  });
}

function split(setting: TriangleSetting, row: Variable<"i32">, diagonal: Integer, to: Integer): void {
  const { lanes } = setting;
  const [from, out] = [integer(row), integer(to)];
  repeat(() => {
    const value = vector(lanes.load(at(0, from)));
    store(at(0, out), value);
    store(at(lanes.vectorBytes, out), upperHalf(setting, value));
    advance(out, 2 * lanes.vectorBytes);
    advance(from, lanes.vectorBytes);
    return lessThan(from, plus(diagonal, 1));
  });
}

/** sums, errors ← Σ_l W_il A_lj, to twice the digits, for all j up to i. */
function multiply(setting: TriangleSetting, rowBytes: Variable<"i32">, room: Room): void {
  const { lanes, features } = setting;
  const bytes = lanes.vectorBytes;
  const [sums, errors, others] = [integer(room.sums), integer(room.errors), integer(room.full)];
  const rowEnd = integer(plus(room.row, plus(rowBytes, rowBytes)));
  const sumsEnd = integer(plus(room.sums, rowBytes));
  repeat(() => {
    const [sum, error] = [vector(lanes.zero()), vector(lanes.zero())];
    const [own, other] = [integer(room.row), integer(others)];
    repeat(() => {
      const [a, aHigh] = [vector(lanes.load(at(0, own))), vector(lanes.load(at(bytes, own)))];
      const [b, bHigh] = [vector(lanes.load(at(0, other))), vector(lanes.load(at(bytes, other)))];
      const product = vector(lanes.mul(a, b));
      const next = vector(lanes.add(sum, product));
      const lost = errorOfProduct(setting, { a, aHigh, b, bHigh }, product);
      set(error, lanes.add(error, lanes.add(errorOfSum(setting, sum, product, next), lost)));
      set(sum, next);
      advance(own, 2 * bytes);
      advance(other, 2 * bytes);
      return lessThan(own, rowEnd);
    });
    store(at(0, sums), sum);
    store(at(0, errors), error);
    advance(sums, bytes);
    advance(errors, bytes);
    advance(others, 2 * bytes * features);
    return lessThan(sums, sumsEnd);
  });
}

interface Row {
  readonly inverse: Integer;
  /** of the row in W */
  readonly diagonal: Variable<"i32">;
  /** of the row in the residuals */
  readonly last: Variable<"i32">;
}

/** residual_j ← Σ_l W_jl (sums + errors)_l − I_ij, for all j up to i. */
function findResiduals(setting: TriangleSetting, { inverse, diagonal, last }: Row, room: Room): void {
  const { lanes, pool } = setting;
  const bytes = lanes.vectorBytes;
  const [to, entry] = [integer(room.residual), integer(inverse)];
  // As many entries of a row as it has, but none of the diagonal of the last one.
  const most = integer(plus(room.sums, minus(last, room.residual)));
  const rowEnd = integer(plus(room.sums, bytes));
  repeat(() => {
    const left = vector(lanes.zero());
    const [own, sums, errors] = [integer(entry), integer(room.sums), integer(room.errors)];
    repeat(() => {
      when(lessThan(sums, most), () => {
        const value = lanes.add(lanes.load(at(0, sums)), lanes.load(at(0, errors)));
        set(left, lanes.add(left, lanes.mul(lanes.load(at(0, own)), value)));
      });
      for (const pointer of [own, sums, errors]) advance(pointer, bytes);
      return lessThan(sums, rowEnd);
    });
    store(at(0, to), left);
    advance(to, bytes);
    set(entry, own);
    advance(rowEnd, bytes);
    return lessThan(to, plus(last, 1));
  });
  const places = [most, integer(plus(room.errors, minus(last, room.residual)))] as const;
  const [a, b] = [vector(lanes.load(at(0, diagonal))), vector(lanes.load(at(0, places[0])))];
  const near = vector(lanes.mul(a, b));
  const halves = { a, aHigh: vector(upperHalf(setting, a)), b, bHigh: vector(upperHalf(setting, b)) };
  const rounded = lanes.add(errorOfProduct(setting, halves, near), lanes.mul(a, lanes.load(at(0, places[1]))));
  const found = lanes.add(lanes.sub(near, pool.splat(1)), rounded);
  store(at(0, last), lanes.add(lanes.load(at(0, last)), found));
}

/** W_ij −= ½ residual_i W_ij + Σ_l residual_l W_lj over j ≤ l < i. */
function correct(
  setting: TriangleSetting,
  { inverse, row, diagonal, last }: Row & { readonly row: Integer },
  room: Room,
): void {
  const { lanes, pool } = setting;
  const bytes = lanes.vectorBytes;
  const own = vector(lanes.load(at(0, last)));
  const [entry, first, column, stride] = [integer(row), integer(room.residual), integer(inverse), integer(bytes)];
  repeat(() => {
    const value = vector(lanes.load(at(0, entry)));
    const correction = vector(lanes.mul(lanes.mul(own, value), pool.splat(0.5)));
    const [residual, other, step] = [integer(first), integer(column), integer(stride)];
    when(lessThan(residual, last), () =>
      repeat(() => {
        set(correction, lanes.add(correction, lanes.mul(lanes.load(at(0, residual)), lanes.load(at(0, other)))));
        advance(residual, bytes);
        advance(other, step);
        advance(step, bytes);
        return lessThan(residual, last);
      }),
    );
    store(at(0, entry), lanes.sub(value, correction));
    advance(entry, bytes);
    advance(first, bytes);
    advance(stride, bytes);
    advance(column, stride);
    return lessThan(entry, plus(diagonal, 1));
  });
}
