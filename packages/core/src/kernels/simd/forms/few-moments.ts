import { addTo } from "../arithmetic/sums.ts";
import { walkRuns } from "../arithmetic/survivors.ts";
import { type Entry, factorOrder, scatterOrder } from "../arithmetic/triangle-blocks.ts";
import { range } from "../language/range.ts";
import { halfAt, overHalves, type Setting, WHOLE_BYTES } from "../language/setting.ts";
import { walkTiles } from "../language/tile-walk.ts";
import {
  advance,
  at,
  type Integer,
  type Routine,
  routine,
  set,
  shifted,
  type Variable,
  type Vector,
  vector,
} from "../language/wasm.ts";
import type { FormCode } from "./form.ts";
import { placesOf, type TriangularParameters } from "./triangular-density.ts";

// M of a component with so few features that its sums stay in registers: with z = x − μ, N += Σ r, s += Σ r z,
// S += Σ (r z) zᵀ, or Σ (r u) uᵀ with u = F z in a frame F, over all points of a group, in one sweep or two.

const SUMS_IN_REGISTERS: number = 11;
/** Up to so many features. */
export const FEW_FEATURES: number = 5;

/** What one sweep over the points adds up. */
interface Sweep {
  readonly first: boolean;
  readonly entries: readonly Entry[];
}

/** N, s and then the columns of S, as many in each sweep as the registers hold. */
function sweepsOf(features: number): Sweep[] {
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

/** The routines of a form whose joint are e and scales ω / s. */
export function fewMoments(
  setting: Setting,
  parameters: TriangularParameters,
): Pick<FormCode, "moments" | "framedMoments"> {
  const moments = (framed: boolean) => momentsOf(setting, parameters, framed);
  return { moments: moments(false), framedMoments: moments(true) };
}

const NAMES = ["component", "runs", "runsEnd", "joint", "scales", "list", "sums", "sharedSums"] as const;
const FRAMED_NAMES = [...NAMES, "shared"] as const;

type Places = Record<(typeof FRAMED_NAMES)[number], Variable<"i32">>;

/** in: component; runs … runsEnd of points; joint, e; scales, ω / s; in a frame: shared; out: sums, added to */
function momentsOf(setting: Setting, parameters: TriangularParameters, framed: boolean): Routine {
  return routine(framed ? FRAMED_NAMES : NAMES, (p) => {
    overHalves(setting, (half) => {
      for (const sweep of sweepsOf(setting.features)) addSweep(setting, { ...parameters, framed, half }, sweep, p);
    });
  });
}

const VECTORS = 4;

function addSweep(
  setting: Setting,
  parameters: TriangularParameters & { readonly framed: boolean; readonly half: Integer | number },
  { first, entries }: Sweep,
  p: Places,
): void {
  const { lanes, features, tileSize } = setting;
  const { component, framed, half } = parameters;
  const order = scatterOrder(features);
  const scatterPlace = ([row, column]: Entry) => {
    const index = order.findIndex(([i, j]) => i === row && j === column);
    return parameters.factor.shared
      ? halfAt(at(index * WHOLE_BYTES, p.sharedSums), half)
      : halfAt(at((1 + features + index) * WHOLE_BYTES, p.sums), half);
  };
  const walked = framed ? range(features) : new Set([...range(first ? features : 0), ...entries.flat()]);
  const mass = vector(lanes.zero());
  const weighted = range(first ? features : 0).map(() => vector(lanes.zero()));
  const scatter = entries.map(() => vector(lanes.zero()));
  walkRuns(p, ({ points, pointsEnd, joint, scales }) => {
    for (const pointer of [points, joint, scales]) if (half !== 0) advance(pointer, half);
    walkTiles(setting, points, pointsEnd, VECTORS * WHOLE_BYTES, () => {
      for (const v of range(VECTORS)) addVector({ points, joint, scales }, v * WHOLE_BYTES);
      advance(joint, VECTORS * WHOLE_BYTES);
      advance(scales, VECTORS * WHOLE_BYTES);
    });
  });
  if (first) addTo(setting, [halfAt(at(0, p.sums), half)], [mass]);
  const weightedPlaces = weighted.map((_, j) => halfAt(at((1 + j) * WHOLE_BYTES, p.sums), half));
  addTo(setting, weightedPlaces, weighted);
  addTo(setting, entries.map(scatterPlace), scatter);

  function addVector({ points, joint, scales }: Record<"points" | "joint" | "scales", Integer>, offset: number): void {
    const r = vector(lanes.mul(lanes.load(at(offset, joint)), lanes.load(at(offset, scales))));
    if (first) set(mass, lanes.add(mass, r));
    const z: Vector[] = [];
    const u: Vector[] = [];
    for (const j of walked) {
      const mean = lanes.splat(at(component.pivot + j * lanes.bytes, p.component));
      z[j] = vector(lanes.sub(lanes.load(at(offset + j * tileSize * lanes.bytes, points)), mean));
      const rz = vector(lanes.mul(r, z[j]));
      if (first) set(weighted[j], lanes.add(weighted[j], rz));
      u[j] = framed ? lastInFrame(z) : z[j];
      const ru = framed ? vector(lanes.mul(r, u[j])) : rz;
      entries.forEach(([row, column], e) => {
        if (row === j) set(scatter[e], lanes.madd(ru, u[column], scatter[e]));
      });
    }
  }

  /** The last of u = F z. in: z_0 … z_j */
  function lastInFrame(z: readonly Vector[]): Vector {
    const last = z.length - 1;
    const { factor } = placesOf(parameters, p);
    const frame = (column: number) => {
      const index = factorOrder(features).findIndex(([i, j]) => i === last && j === column);
      return lanes.splat(shifted(factor, index * lanes.bytes));
    };
    const sum = vector(lanes.mul(frame(0), z[0]));
    for (const column of range(last)) set(sum, lanes.madd(frame(1 + column), z[1 + column], sum));
    return sum;
  }
}
