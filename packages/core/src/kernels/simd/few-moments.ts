import type { ComponentLayout } from "./component.ts";
import type { Setting } from "./form.ts";
import { addTo } from "./sums.ts";
import { walkTiles } from "./tile-walk.ts";
import { type Entry, range, scatterOrder } from "./triangle-blocks.ts";
import { advance, at, integer, type Routine, routine, set, type Variable, type Vector, vector } from "./wasm.ts";

// M of a component with so few features that its sums stay in registers: with z = x − μ, N += Σ r, s += Σ r z,
// S += Σ (r z) zᵀ, over all points of a group, in one pass or two.

const SUMS_IN_REGISTERS: number = 11;
/** Up to so many features. */
export const FEW_FEATURES: number = 5;

/** What one pass over the points adds up. */
interface Pass {
  readonly first: boolean;
  readonly entries: readonly Entry[];
}

/** N, s and then the columns of S, as many in each pass as the registers hold. */
function passes(features: number): Pass[] {
  const entries = scatterOrder(features);
  const column = (j: number) => entries.filter((entry) => entry[1] === j);
  const found: { first: boolean; entries: Entry[] }[] = [];
  let free = SUMS_IN_REGISTERS - 1 - features;
  found.push({ first: true, entries: [] });
  for (const j of range(features)) {
    if (features - j > free) {
      found.push({ first: false, entries: [] });
      free = SUMS_IN_REGISTERS;
    }
    found[found.length - 1].entries.push(...column(j));
    free -= features - j;
  }
  return found;
}

/** in: component; points … pointsEnd; joint, e; scales, ω / s; out: sums, added to */
export function fewMoments(setting: Setting, component: ComponentLayout, shared: boolean): Routine {
  const names = ["component", "points", "pointsEnd", "joint", "scales", "list", "sums", "sharedSums"] as const;
  return routine(names, (p) => {
    for (const pass of passes(setting.features)) addPass(setting, component, shared, pass, p);
  });
}

type Places = Record<
  "component" | "points" | "pointsEnd" | "joint" | "scales" | "sums" | "sharedSums",
  Variable<"i32">
>;

const VECTORS = 4;

function addPass(
  setting: Setting,
  component: ComponentLayout,
  shared: boolean,
  { first, entries }: Pass,
  p: Places,
): void {
  const { lanes, features, tileSize } = setting;
  const { vectorBytes } = lanes;
  const order = scatterOrder(features);
  const scatterPlace = ([row, column]: Entry) => {
    const index = order.findIndex(([i, j]) => i === row && j === column);
    return shared ? at(index * vectorBytes, p.sharedSums) : at((1 + features + index) * vectorBytes, p.sums);
  };
  const mass = vector(lanes.zero());
  const weighted = range(first ? features : 0).map(() => vector(lanes.zero()));
  const scatter = entries.map(() => vector(lanes.zero()));
  const [points, joint, scales] = [integer(p.points), integer(p.joint), integer(p.scales)];
  walkTiles(setting, points, p.pointsEnd, VECTORS * vectorBytes, () => {
    for (const v of range(VECTORS)) addVector(v * vectorBytes);
    advance(joint, VECTORS * vectorBytes);
    advance(scales, VECTORS * vectorBytes);
  });
  if (first) addTo(setting, [at(0, p.sums)], [mass]);
  const weightedPlaces = weighted.map((_, j) => at((1 + j) * vectorBytes, p.sums));
  addTo(setting, weightedPlaces, weighted);
  addTo(setting, entries.map(scatterPlace), scatter);

  function addVector(offset: number): void {
    const r = vector(lanes.mul(lanes.load(at(offset, joint)), lanes.load(at(offset, scales))));
    if (first) set(mass, lanes.add(mass, r));
    const z: Vector[] = [];
    const rz: Vector[] = [];
    for (const j of new Set([...weighted.keys(), ...entries.flat()])) {
      const mean = lanes.splat(at(component.pivot + j * lanes.bytes, p.component));
      z[j] = vector(lanes.sub(lanes.load(at(offset + j * tileSize * lanes.bytes, points)), mean));
      rz[j] = vector(lanes.mul(r, z[j]));
      if (first) set(weighted[j], lanes.add(weighted[j], rz[j]));
      entries.forEach(([row, column], e) => {
        if (row === j) set(scatter[e], lanes.madd(rz[row], z[column], scatter[e]));
      });
    }
  }
}
