import { FARTHEST } from "../../../mixture/density.ts";
import type { DistancePower } from "../../distance-kernel.ts";
import { walkFeatures } from "../language/feature-walk.ts";
import { range } from "../language/range.ts";
import type { Setting } from "../language/setting.ts";
import { walkTiles } from "../language/tile-walk.ts";
import {
  type Address,
  advance,
  at,
  chosen,
  lessThan,
  type Routine,
  repeat,
  routine,
  set,
  shifted,
  store,
  type Variable,
  type Vector,
  vector,
} from "../language/wasm.ts";
import { addTo } from "./sums.ts";

// Squared distances |x − c|² = Σ_j (x_j − c_j)², no more than FARTHEST.

/** Candidates that are measured in one pass, with two vectors of points side by side. */
export const CANDIDATES_AT_ONCE = 4;
const VECTORS = { one: 4, several: 2 };

/**
 * in: centre, d; its index, as a double; points … pointsEnd; in/out: nearest, D² ← min(D², |x − centre|²); labels, which
 * become the index where D² falls
 */
export function approach(setting: Setting): Routine {
  const { lanes } = setting;
  return routine(["centre", "index", "points", "pointsEnd", "nearest", "labels"] as const, (p) => {
    walkTiles(setting, p.points, p.pointsEnd, VECTORS.one * lanes.vectorBytes, () => {
      const [distances] = squaredDistances(setting, [at(0, p.centre)], p.points, VECTORS.one);
      const index = vector(lanes.splat(at(0, p.index)));
      distances.forEach((distance, v) => {
        const squared = vector(distance);
        const [place, label] = [at(v * lanes.vectorBytes, p.nearest), at(v * lanes.vectorBytes, p.labels)];
        const least = vector(lanes.load(place));
        store(label, chosen(lanes.atLeast(squared, least), lanes.load(label), index));
        store(place, lanes.least(squared, least));
      });
      advance(p.nearest, VECTORS.one * lanes.vectorBytes);
      advance(p.labels, VECTORS.one * lanes.vectorBytes);
    });
  });
}

/**
 * in: centre, d, and how many bytes on that of the next strip of 8 points is; points … pointsEnd; out: squared distances
 */
export function stripDistances(setting: Setting): Routine {
  const { lanes } = setting;
  return routine(["centre", "centreBytes", "points", "pointsEnd", "distances"] as const, (p) => {
    walkTiles(setting, p.points, p.pointsEnd, VECTORS.one * lanes.vectorBytes, () => {
      const [distances] = squaredDistances(setting, [at(0, p.centre)], p.points, VECTORS.one);
      distances.forEach((distance, v) => void store(at(v * lanes.vectorBytes, p.distances), distance));
      advance(p.distances, VECTORS.one * lanes.vectorBytes);
      advance(p.centre, p.centreBytes);
    });
  });
}

/**
 * in: nearest … nearestEnd, D²; weights ω. out: two vectors: Σ ω D², or Σ ω D, its additions those of `potentials`; the
 * greatest D² of a point that weighs something
 */
export function mass({ lanes }: Setting, power: DistancePower): Routine {
  return routine(["nearest", "nearestEnd", "weights", "sums"] as const, (p) => {
    const sum = vector(lanes.zero());
    const most = vector(lanes.zero());
    repeat(() => {
      const squared = vector(lanes.load(at(0, p.nearest)));
      const weight = vector(lanes.load(at(0, p.weights)));
      set(sum, lanes.madd(weight, power === 1 ? lanes.sqrt(squared) : squared, sum));
      set(most, lanes.greatest(chosen(lanes.atLeast(lanes.zero(), weight), lanes.zero(), squared), most));
      advance(p.nearest, lanes.vectorBytes);
      advance(p.weights, lanes.vectorBytes);
      return lessThan(p.nearest, p.nearestEnd);
    });
    store(at(0, p.sums), sum);
    store(at(lanes.vectorBytes, p.sums), most);
  });
}

/**
 * in: centres, count × d; points … pointsEnd; nearest, D²; weights ω. out: sums, count vectors, added to: Σ ω D², or Σ ω D
 */
export function potentials(setting: Setting, count: number, power: DistancePower): Routine {
  const { lanes, features } = setting;
  return routine(["centres", "points", "pointsEnd", "nearest", "weights", "sums"] as const, (p) => {
    const sums = range(count).map(() => vector(lanes.zero()));
    const centres = range(count).map((c) => at(c * features * lanes.bytes, p.centres));
    walkTiles(setting, p.points, p.pointsEnd, VECTORS.several * lanes.vectorBytes, () => {
      squaredDistances(setting, centres, p.points, VECTORS.several).forEach((distances, c) => {
        distances.forEach((distance, v) => {
          const least = lanes.least(distance, lanes.load(at(v * lanes.vectorBytes, p.nearest)));
          const mass = power === 1 ? lanes.sqrt(least) : least;
          set(sums[c], lanes.madd(lanes.load(at(v * lanes.vectorBytes, p.weights)), mass, sums[c]));
        });
      });
      advance(p.nearest, VECTORS.several * lanes.vectorBytes);
      advance(p.weights, VECTORS.several * lanes.vectorBytes);
    });
    const places = sums.map((_, c) => at(c * lanes.vectorBytes, p.sums));
    addTo(setting, places, sums);
  });
}

/** out: for every centre, the squared distances of a strip */
function squaredDistances(
  { lanes, pool, features, tileSize, unrolled }: Setting,
  centres: readonly Address[],
  points: Variable<"i32">,
  vectors: number,
): Vector[][] {
  const rowBytes = tileSize * lanes.bytes;
  const sums = centres.map(() => range(vectors).map(() => vector(lanes.zero())));
  const rows = {
    x: { first: at(0, points), bytes: rowBytes },
    centre: { first: centres[0], bytes: lanes.bytes },
  };
  walkFeatures(features, unrolled, rows, (count, first) => {
    for (const j of range(count)) addFeature(shifted(first.x, j * rowBytes), shifted(first.centre, j * lanes.bytes));
  });
  const farthest = vector(pool.splat(FARTHEST));
  return sums.map((own) => own.map((sum) => lanes.least(sum, farthest)));

  function addFeature(x: Address, centre: Address): void {
    const xs = range(vectors).map((v) => vector(lanes.load(shifted(x, v * lanes.vectorBytes))));
    sums.forEach((own, c) => {
      const coordinate = vector(lanes.splat(shifted(centre, centres[c].offset - centres[0].offset)));
      own.forEach((sum, v) => {
        const z = vector(lanes.sub(xs[v], coordinate));
        set(sum, lanes.madd(z, z, sum));
      });
    });
  }
}
