import { FARTHEST_ROW } from "../../../../points/order/routing-kernel.ts";
import { walkFeatures } from "../../language/feature-walk.ts";
import { range } from "../../language/range.ts";
import { ROW_LANES } from "../../language/row-walk.ts";
import type { Setting } from "../../language/setting.ts";
import {
  type Address,
  advance,
  at,
  constant,
  demoted,
  f64Lanes,
  firstBit,
  gathered,
  integer,
  lessThan,
  loadInteger,
  plus,
  quarters,
  type Routine,
  repeat,
  routine,
  set,
  shifted,
  shiftedLeft,
  store,
  storeInteger,
  times,
  type Vector,
  vector,
} from "../../language/wasm.ts";

/**
 * A slot of a tree as `route` finds it: where four features are in a row, their coefficients and the threshold, f32; the address
 * of the first child, 0 for a leaf, the second being next to it; and the number of a leaf.
 */
export const SLOT = { features: 0, coefficients: 16, threshold: 32, child: 36, leaf: 40, bytes: 48 };

type Measures = Pick<Setting, "features" | "tileSize" | "pool"> & { readonly width: number };

/** Points, and features, that are turned from columns to rows together. */
const AT_ONCE = 4;
const MOST_UNROLLED = 16;

/** in: columns of a tile, f64; means and scales, d each. out: rows, (x − mean) · scale, 0 where the width is more than d */
export function scale({ features, tileSize, pool, width }: Measures): Routine {
  const wide = f64Lanes(false);
  return routine(["columns", "means", "scales", "rows"] as const, (p) => {
    const end = integer(plus(p.columns, tileSize * wide.bytes));
    repeat(() => {
      const places = {
        columns: { first: at(0, p.columns), bytes: tileSize * wide.bytes },
        means: { first: at(0, p.means), bytes: wide.bytes },
        scales: { first: at(0, p.scales), bytes: wide.bytes },
        rows: { first: at(0, p.rows), bytes: ROW_LANES.bytes },
      };
      walkFeatures(features, features <= MOST_UNROLLED, places, (count, first) => {
        const own = range(AT_ONCE).map((j) => {
          if (j >= count) return vector(ROW_LANES.zero());
          const mean = vector(wide.splat(shifted(first.means, j * wide.bytes)));
          const factor = vector(wide.splat(shifted(first.scales, j * wide.bytes)));
          const pair = (bytes: number) =>
            wide.mul(wide.sub(wide.load(shifted(first.columns, j * tileSize * wide.bytes + bytes)), mean), factor);
          return vector(clamp(demoted(pair(0), pair(wide.vectorBytes))));
        });
        transpose(own).forEach((row, i) => void store(shifted(first.rows, i * width * ROW_LANES.bytes), row));
      });
      advance(p.rows, AT_ONCE * width * ROW_LANES.bytes);
      advance(p.columns, AT_ONCE * wide.bytes);
      return lessThan(p.columns, end);
    });
  });

  function clamp(x: Vector): Vector {
    return ROW_LANES.greatest(ROW_LANES.least(x, pool.splat32(FARTHEST_ROW)), pool.splat32(-FARTHEST_ROW));
  }
}

/** Columns → rows. */
function transpose([a, b, c, d]: readonly Vector[]): Vector[] {
  const low = [vector(quarters([0, 4, 1, 5], a, b)), vector(quarters([0, 4, 1, 5], c, d))] as const;
  const high = [vector(quarters([2, 6, 3, 7], a, b)), vector(quarters([2, 6, 3, 7], c, d))] as const;
  return [low, high].flatMap(([x, y]) => [quarters([0, 1, 4, 5], x, y), quarters([2, 3, 6, 7], x, y)]);
}

/**
 * Takes rows down a tree together, level by level. in: rows; active … activeEnd, the numbers of those that are in no leaf, 4 bytes
 * each. in/out: slots, the address of the slot of each row
 */
export function route(width: number): Routine {
  const lanes = ROW_LANES;
  return routine(["rows", "slots", "active", "activeEnd"] as const, (p) => {
    repeat(() => {
      const [from, still] = [integer(p.active), integer(p.active)];
      repeat(() => {
        const number = integer(loadInteger(at(0, from)));
        const place = integer(plus(p.slots, shiftedLeft(number, 2)));
        const slot = integer(loadInteger(at(0, place)));
        const row = integer(plus(p.rows, times(number, width * lanes.bytes)));
        const feature = (i: number): Address => at(0, plus(row, loadInteger(at(SLOT.features + 4 * i, slot))));
        const products = vector(lanes.mul(gathered(range(4).map(feature)), lanes.load(at(SLOT.coefficients, slot))));
        const halves = vector(lanes.add(products, quarters([2, 3, 0, 1], products, products)));
        const along = lanes.add(halves, quarters([1, 0, 3, 2], halves, halves));
        const isBeyond = firstBit(lanes.atLeast(along, lanes.splat(at(SLOT.threshold, slot))));
        const next = integer(plus(loadInteger(at(SLOT.child, slot)), times(isBeyond, SLOT.bytes)));
        storeInteger(at(0, place), next);
        storeInteger(at(0, still), number);
        advance(still, shiftedLeft(lessThan(constant(0), loadInteger(at(SLOT.child, next))), 2));
        advance(from, 4);
        return lessThan(from, p.activeEnd);
      });
      set(p.activeEnd, still);
      return lessThan(p.active, p.activeEnd);
    });
  });
}
