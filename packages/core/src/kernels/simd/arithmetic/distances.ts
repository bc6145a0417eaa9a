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
  type Routine,
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
 * in: centres, count × d; their indices, as doubles; points … pointsEnd; in/out: nearest, D²; labels: the index of the
 * nearest centre, as a double, which changes only where a centre is nearer than all before it
 */
export function nearestLabels(setting: Setting, count: number): Routine {
  const { lanes, features } = setting;
  return routine(["centres", "indices", "points", "pointsEnd", "nearest", "labels"] as const, (p) => {
    const centres = range(count).map((c) => at(c * features * lanes.bytes, p.centres));
    walkTiles(setting, p.points, p.pointsEnd, VECTORS.several * lanes.vectorBytes, () => {
      const least = range(VECTORS.several).map((v) => vector(lanes.load(at(v * lanes.vectorBytes, p.nearest))));
      const labels = range(VECTORS.several).map((v) => vector(lanes.load(at(v * lanes.vectorBytes, p.labels))));
      squaredDistances(setting, centres, p.points, VECTORS.several).forEach((distances, c) => {
        const index = vector(lanes.splat(at(c * lanes.bytes, p.indices)));
        distances.forEach((distance, v) => {
          const squared = vector(distance);
          set(labels[v], chosen(lanes.atLeast(squared, least[v]), labels[v], index));
          set(least[v], lanes.least(squared, least[v]));
        });
      });
      least.forEach((squared, v) => void store(at(v * lanes.vectorBytes, p.nearest), squared));
      labels.forEach((label, v) => void store(at(v * lanes.vectorBytes, p.labels), label));
      advance(p.nearest, VECTORS.several * lanes.vectorBytes);
      advance(p.labels, VECTORS.several * lanes.vectorBytes);
    });
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
