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
  integer,
  lessThan,
  plus,
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

// Squared distances |x − c|² = Σ_j (x_j − c_j)², no more than FARTHEST.

const VECTORS = { one: 4, several: 2 };

/** in: centre, d; points … pointsEnd; in/out: nearest, D² ← min(D², |x − centre|²) */
export function nearestDistances(setting: Setting): Routine {
  const { lanes } = setting;
  return routine(["centre", "points", "pointsEnd", "nearest"] as const, (p) => {
    walkTiles(setting, p.points, p.pointsEnd, VECTORS.one * lanes.vectorBytes, () => {
      const [distances] = squaredDistances(setting, [at(0, p.centre)], p.points, VECTORS.one);
      distances.forEach((distance, v) => {
        const place = at(v * lanes.vectorBytes, p.nearest);
        store(place, lanes.least(distance, lanes.load(place)));
      });
      advance(p.nearest, VECTORS.one * lanes.vectorBytes);
    });
  });
}

/**
 * in: centre, d, and how many bytes on that of the next strip of 8 points is; points … pointsEnd. out: farthest, for each strip a
 * vector whose greater number is the greatest squared distance
 */
export function farthestInStrips(setting: Setting): Routine {
  const { lanes } = setting;
  return routine(["centre", "centreBytes", "points", "pointsEnd", "farthest"] as const, (p) => {
    walkTiles(setting, p.points, p.pointsEnd, VECTORS.one * lanes.vectorBytes, () => {
      const [distances] = squaredDistances(setting, [at(0, p.centre)], p.points, VECTORS.one);
      store(at(0, p.farthest), distances.reduce(lanes.greatest));
      advance(p.farthest, lanes.vectorBytes);
      advance(p.centre, p.centreBytes);
    });
  });
}

/**
 * in: nearest … nearestEnd, D²; weights ω. out: sums, two vectors for every tile: Σ ω D², or Σ ω D, its additions those of
 * `potentials`; the greatest D² of a point that weighs something
 */
export function masses({ lanes, tileSize }: Setting, power: DistancePower): Routine {
  return routine(["nearest", "nearestEnd", "weights", "sums"] as const, (p) => {
    const sum = vector(lanes.zero());
    const most = vector(lanes.zero());
    repeat(() => {
      const tileEnd = integer(plus(p.nearest, tileSize * lanes.bytes));
      set(sum, lanes.zero());
      set(most, lanes.zero());
      repeat(() => {
        const squared = vector(lanes.load(at(0, p.nearest)));
        const weight = vector(lanes.load(at(0, p.weights)));
        set(sum, lanes.madd(weight, power === 1 ? lanes.sqrt(squared) : squared, sum));
        set(most, lanes.greatest(chosen(lanes.atLeast(lanes.zero(), weight), lanes.zero(), squared), most));
        advance(p.nearest, lanes.vectorBytes);
        advance(p.weights, lanes.vectorBytes);
        return lessThan(p.nearest, tileEnd);
      });
      store(at(0, p.sums), sum);
      store(at(lanes.vectorBytes, p.sums), most);
      advance(p.sums, 2 * lanes.vectorBytes);
      return lessThan(p.nearest, p.nearestEnd);
    });
  });
}

/**
 * in: centres, count × d; points … pointsEnd; nearest, D²; weights ω. out: sums, count vectors for every tile: Σ ω D², or
 * Σ ω D
 */
export function potentials(setting: Setting, count: number, power: DistancePower): Routine {
  const { lanes, features } = setting;
  return routine(["centres", "points", "pointsEnd", "nearest", "weights", "sums"] as const, (p) => {
    const sums = range(count).map(() => vector(lanes.zero()));
    const centres = range(count).map((c) => at(c * features * lanes.bytes, p.centres));
    const strip = () => {
      squaredDistances(setting, centres, p.points, VECTORS.several).forEach((distances, c) => {
        distances.forEach((distance, v) => {
          const least = lanes.least(distance, lanes.load(at(v * lanes.vectorBytes, p.nearest)));
          const mass = power === 1 ? lanes.sqrt(least) : least;
          set(sums[c], lanes.madd(lanes.load(at(v * lanes.vectorBytes, p.weights)), mass, sums[c]));
        });
      });
      advance(p.nearest, VECTORS.several * lanes.vectorBytes);
      advance(p.weights, VECTORS.several * lanes.vectorBytes);
    };
    walkTiles(setting, p.points, p.pointsEnd, VECTORS.several * lanes.vectorBytes, strip, () => {
      sums.forEach((sum, c) => {
        store(at(c * lanes.vectorBytes, p.sums), sum);
        set(sum, lanes.zero());
      });
      advance(p.sums, count * lanes.vectorBytes);
    });
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
