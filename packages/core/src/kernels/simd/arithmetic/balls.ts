import { FARTHEST } from "../../../mixture/density.ts";
import { walkFeatures } from "../language/feature-walk.ts";
import { walkList } from "../language/lists.ts";
import { range } from "../language/range.ts";
import type { Setting } from "../language/setting.ts";
import {
  type Address,
  advance,
  anyTrue,
  at,
  bitOf,
  chosen,
  constant,
  type Integer,
  integer,
  type Lanes,
  loadInteger,
  minus,
  plus,
  type Routine,
  routine,
  set,
  shifted,
  shiftedLeft,
  store,
  storeInteger,
  times,
  type Variable,
  type Vector,
  vector,
  when,
} from "../language/wasm.ts";

// Balls of eight points, or of eight smaller balls, by number: ball i has the members 8i … 8i + 7. Lists of numbers have
// 8 bytes for each, the upper four 0. `places` has the address of the first member of every ball, 4 bytes each.

/** Bytes of an entry of a list. */
export const NUMBER_BYTES = 8;

const MEMBERS = 8;
const MEMBERS_SHIFT = 3;
const VECTORS = 4;

/**
 * Lists the members of balls that are near the query: |x − query| < reach + slack, in the numbers of the lanes.
 * in: query, d; slack, a number; list … listEnd, of balls; reaches of all members. out: out, a list; outEnd: where it ends
 */
export function sift(exact: Setting, lanes: Lanes): Routine {
  const setting = { ...exact, lanes };
  const vectors = MEMBERS / lanes.count;
  return routine(["query", "slack", "list", "listEnd", "places", "reaches", "out", "outEnd"] as const, (p) => {
    const slack = vector(lanes.splat(at(0, p.slack)));
    walkList(p.list, p.listEnd, NUMBER_BYTES, (entry) => {
      const ball = integer(loadInteger(at(0, entry)));
      const reach = integer(plus(p.reaches, times(ball, MEMBERS * lanes.bytes)));
      const limits = range(vectors).map((v) => {
        const own = vector(lanes.add(lanes.load(at(v * lanes.vectorBytes, reach)), slack));
        return vector(lanes.mul(own, own));
      });
      const between = { centre: at(0, p.query), points: placeOf(p.places, ball) };
      ifNear(setting, between, limits, (distances) => {
        const member = integer(shiftedLeft(ball, MEMBERS_SHIFT));
        distances.forEach((distance, v) => {
          const far = vector(lanes.atLeast(distance, limits[v]));
          for (const lane of range(lanes.count)) {
            append(p.out, plus(member, lanes.count * v + lane), bitOf(far, (lane * lanes.bytes) / 4));
          }
        });
      });
    });
    storeInteger(at(0, p.outEnd), p.out);
  });
}

/**
 * in: centre, d; list … listEnd, of balls of points; from, D². out: to, min(D², |x − centre|²) of their members, unless it
 * is D² for all; out, the balls that were written; outEnd: where it ends
 */
export function lower(setting: Setting): Routine {
  const { lanes, pool } = setting;
  return routine(["centre", "list", "listEnd", "places", "from", "to", "out", "outEnd"] as const, (p) => {
    walkList(p.list, p.listEnd, NUMBER_BYTES, (entry) => {
      const ball = integer(loadInteger(at(0, entry)));
      const offset = integer(shiftedLeft(ball, 2 * MEMBERS_SHIFT));
      const from = integer(plus(p.from, offset));
      const known = range(VECTORS).map((v) => vector(lanes.load(at(v * lanes.vectorBytes, from))));
      const between = { centre: at(0, p.centre), points: placeOf(p.places, ball) };
      ifNear(setting, between, known, (distances) => {
        const to = integer(plus(p.to, offset));
        distances.forEach((distance, v) => {
          const squared = vector(lanes.least(distance, pool.splat(FARTHEST)));
          store(at(v * lanes.vectorBytes, to), lanes.least(squared, known[v]));
        });
        append(p.out, ball, constant(0));
      });
    });
    storeInteger(at(0, p.outEnd), p.out);
  });
}

/** Adds a number to a list; the next is written over this one if it is far. in: far, 0 or 1 */
function append(out: Variable<"i32">, number: Integer, far: Integer): void {
  storeInteger(at(0, out), number);
  advance(out, minus(constant(NUMBER_BYTES), shiftedLeft(far, 3)));
}

/**
 * Treats the squared distances of eight points from a centre unless they all reach their limits, which some of the
 * features may say: a sum of squares never falls.
 */
function ifNear(
  setting: Setting,
  between: Between,
  limits: readonly Variable<"v128">[],
  treat: (distances: readonly Vector[]) => void,
): void {
  const { lanes, features } = setting;
  const sums = limits.map(() => vector(lanes.zero()));
  const stage = (first: number) => {
    const rest = features - first;
    const count = rest < 2 * LEAST_STAGE ? rest : Math.min(rest, Math.max(LEAST_STAGE, first));
    addSquares(setting, { ...between, sums }, { first, count });
    const margin = vector(lanes.sub(limits[0], sums[0]));
    for (const v of range(limits.length).slice(1)) set(margin, lanes.greatest(margin, lanes.sub(limits[v], sums[v])));
    when(anyTrue(vector(lanes.atLeast(margin, lanes.zero()))), () => {
      if (count < rest) stage(first + count);
      else treat(sums);
    });
  };
  stage(0);
}

/** Of so many features, or more, the distance is looked at. */
const LEAST_STAGE = 4;

/** A centre, and the first feature of some points. */
interface Between {
  readonly centre: Address;
  readonly points: Variable<"i32">;
}

interface Sums extends Between {
  readonly sums: readonly Variable<"v128">[];
}

/** Adds the squares of some features. */
function addSquares(
  { lanes, tileSize, unrolled }: Setting,
  { centre, points, sums }: Sums,
  { first, count }: { readonly first: number; readonly count: number },
): void {
  const rowBytes = tileSize * lanes.bytes;
  const rows = {
    x: { first: at(first * rowBytes, points), bytes: rowBytes },
    centre: { first: shifted(centre, first * lanes.bytes), bytes: lanes.bytes },
  };
  walkFeatures(count, unrolled || count <= MOST_UNROLLED, rows, (some, from) => {
    for (const j of range(some)) {
      const coordinate = vector(lanes.splat(shifted(from.centre, j * lanes.bytes)));
      sums.forEach((sum, v) => {
        const x = lanes.load(shifted(from.x, j * rowBytes + v * lanes.vectorBytes));
        const z = vector(lanes.sub(x, coordinate));
        set(sum, lanes.madd(z, z, sum));
      });
    }
  });
}

const MOST_UNROLLED = 8;

/** in: list … listEnd, of balls of points; from, a number for each point. out: to, the same for their members */
export function restore({ lanes }: Setting): Routine {
  return routine(["list", "listEnd", "from", "to"] as const, (p) => {
    walkList(p.list, p.listEnd, NUMBER_BYTES, (entry) => {
      const offset = integer(shiftedLeft(loadInteger(at(0, entry)), 2 * MEMBERS_SHIFT));
      const [from, to] = [integer(plus(p.from, offset)), integer(plus(p.to, offset))];
      for (const v of range(VECTORS)) {
        store(at(v * lanes.vectorBytes, to), lanes.load(at(v * lanes.vectorBytes, from)));
      }
    });
  });
}

/**
 * in: points, of a strip of a tile; list … listEnd, of centres, rising; rows: the address of each centre, 4 bytes each.
 * in/out: squared: the least |x − centre|², where it is less than it was; labels: the number of that centre, 8 bytes, the
 * lower one of a tie
 */
export function nearestOf(setting: Setting): Routine {
  const { lanes, pool } = setting;
  return routine(["points", "list", "listEnd", "rows", "squared", "labels"] as const, (p) => {
    const [least, labels] = [p.squared, p.labels].map((place) =>
      range(VECTORS).map((v) => vector(lanes.load(at(v * lanes.vectorBytes, place)))),
    );
    walkList(p.list, p.listEnd, NUMBER_BYTES, (entry) => {
      const centre = at(0, placeOf(p.rows, integer(loadInteger(at(0, entry)))));
      ifNear(setting, { centre, points: p.points }, least, (distances) => {
        const number = vector(lanes.splat(at(0, entry)));
        distances.forEach((distance, v) => {
          const found = vector(lanes.least(distance, pool.splat(FARTHEST)));
          const farther = vector(lanes.atLeast(found, least[v]));
          set(least[v], chosen(farther, least[v], found));
          set(labels[v], chosen(farther, labels[v], number));
        });
      });
    });
    for (const v of range(VECTORS)) {
      store(at(v * lanes.vectorBytes, p.squared), least[v]);
      store(at(v * lanes.vectorBytes, p.labels), labels[v]);
    }
  });
}

/** An address of a table of addresses. */
function placeOf(table: Integer, number: Variable<"i32">): Variable<"i32"> {
  return integer(loadInteger(at(0, plus(table, shiftedLeft(number, 2)))));
}
