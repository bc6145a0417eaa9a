import { STAGE } from "../language/constants.ts";
import { type Setting, WHOLE_BYTES } from "../language/setting.ts";
import {
  type Address,
  at,
  type Lanes,
  promoted,
  promotedAt,
  promotedHalvesAt,
  set,
  store,
  type Variable,
  type Vector,
  vector,
} from "../language/wasm.ts";

/** Places for vectors on their way: with one place for all, used in turn, M was left unpacked. */
const PLACES = 8;

function stage(vectors: readonly Variable<"v128">[], place: number): Address[] {
  if (place + vectors.length > PLACES) throw new Error("more vectors than places");
  const places = vectors.map((_, i) => at(STAGE + (place + i) * WHOLE_BYTES));
  vectors.forEach((a, i) => void store(places[i], a));
  return places;
}

/**
 * Vectors of the arithmetic as f64: themselves, or two of each. V8 packs no change of width, nor what leads to one and
 * to nothing else; so 256 bits of f32 are put down in memory first.
 */
export function inDoubles({ lanes, wide }: Setting, vectors: readonly Variable<"v128">[]): Vector[][] {
  if (lanes === wide) return vectors.map((a) => [a]);
  if (lanes.vectorBytes === 16) return vectors.map(promoted);
  return stage(vectors, 0).map(promotedAt);
}

/**
 * Adds sums, or a half of them, to totals.
 * in: place, the first to use of eight
 */
export function addTo(
  setting: Setting,
  totals: readonly Address[],
  sums: readonly Variable<"v128">[],
  place = 0,
): void {
  const { wide } = setting;
  asDoubles(setting, sums, place).forEach((sum, i) => {
    store(totals[i], wide.add(wide.load(totals[i]), sum));
  });
}

/** Adds sums to one total, one after the other. */
export function addAllTo(setting: Setting, total: Address, sums: readonly Variable<"v128">[], place = 0): void {
  const { wide } = setting;
  const result = vector(wide.load(total));
  for (const sum of asDoubles(setting, sums, place)) set(result, wide.add(result, sum));
  store(total, result);
}

/** Sums over points as f64: of eight in f32, each half gives two. */
function asDoubles({ lanes, wide }: Setting, sums: readonly Variable<"v128">[], place: number): Vector[] {
  if (lanes === wide) return [...sums];
  if (lanes.vectorBytes === 16) return sums.map((sum) => both(wide, promoted(sum)));
  return stage(sums, place).map((address) => both(wide, promotedHalvesAt(address, lanes.vectorBytes)));
}

function both(wide: Lanes, [a, b]: [Vector, Vector]): Vector {
  return wide.add(a, b);
}

/** The same of a sum in memory. */
export function addFrom({ lanes, wide }: Setting, total: Address, sum: Address): void {
  const added = lanes === wide ? wide.load(sum) : both(wide, promotedHalvesAt(sum, lanes.vectorBytes));
  store(total, wide.add(wide.load(total), added));
}
