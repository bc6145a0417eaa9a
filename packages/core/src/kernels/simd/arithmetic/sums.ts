import { STAGE } from "../language/constants.ts";
import type { Setting } from "../language/setting.ts";
import {
  type Address,
  at,
  promoted,
  promotedAt,
  set,
  store,
  type Variable,
  type Vector,
  vector,
} from "../language/wasm.ts";

/** Places for vectors on their way: with one place for all, used in turn, M was left unpacked. */
const PLACES = 8;

/**
 * Vectors of the arithmetic as f64: themselves, or two of each. V8 packs no change of width, nor what leads to one and
 * to nothing else; so 256 bits of f32 are put down in memory first.
 * in: place, the first to use of eight
 */
export function inDoubles({ lanes, wide }: Setting, vectors: readonly Variable<"v128">[], place = 0): Vector[][] {
  if (lanes === wide) return vectors.map((a) => [a]);
  if (lanes.vectorBytes === 16) return vectors.map(promoted);
  if (place + vectors.length > PLACES) throw new Error("more vectors than places");
  const places = vectors.map((_, i) => at(STAGE + (place + i) * lanes.vectorBytes));
  vectors.forEach((a, i) => void store(places[i], a));
  return places.map((address) => promotedAt(address, lanes.vectorBytes));
}

/** Adds sums to totals. in: place, as for `inDoubles` */
export function addTo(
  setting: Setting,
  totals: readonly Address[],
  sums: readonly Variable<"v128">[],
  place?: number,
): void {
  const { wide } = setting;
  inDoubles(setting, sums, place).forEach((parts, i) => {
    store(totals[i], wide.add(wide.load(totals[i]), both(setting, parts)));
  });
}

/** Adds sums to one total, one after the other. */
export function addAllTo(setting: Setting, total: Address, sums: readonly Variable<"v128">[], place?: number): void {
  const { wide } = setting;
  const result = vector(wide.load(total));
  for (const parts of inDoubles(setting, sums, place)) set(result, wide.add(result, both(setting, parts)));
  store(total, result);
}

function both({ wide }: Setting, parts: readonly Vector[]): Vector {
  return parts.length === 1 ? parts[0] : wide.add(parts[0], parts[1]);
}

/** The same of a sum in memory. */
export function addFrom({ lanes, wide }: Setting, total: Address, sum: Address): void {
  const added = lanes === wide ? wide.load(sum) : wide.add(...promotedAt(sum, lanes.vectorBytes));
  store(total, wide.add(wide.load(total), added));
}
