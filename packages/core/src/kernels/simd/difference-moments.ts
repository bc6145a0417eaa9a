import type { ComponentLayout } from "./component.ts";
import { walkFeatures } from "./feature-walk.ts";
import type { Setting } from "./form.ts";
import { addTo } from "./sums.ts";
import { ENTRY_BYTES, ENTRY_POINTS, listSurvivors } from "./survivors.ts";
import { range } from "./triangle-blocks.ts";
import {
  type Address,
  advance,
  at,
  integer,
  lessThan,
  load,
  loadInteger,
  plus,
  type Routine,
  repeat,
  routine,
  set,
  shifted,
  type Variable,
  VECTOR_BYTES,
  vector,
  when,
} from "./wasm.ts";

// M of a component without covariances: with z = x − μ and u = √r z, N += Σ r, s_j += Σ √r u_j, S_j += Σ u_j² (diag) or
// S += Σ_j Σ u_j² (spherical), over the points of a group whose r is not 0.

/** in: component; points … pointsEnd; joint, h; scales, √(ω / s); list, room for the survivors; out: sums, added to */
export function differenceMoments(setting: Setting, component: ComponentLayout, spherical: boolean): Routine {
  const { lanes, features, unrolled, tileSize } = setting;
  const rowBytes = tileSize * lanes.bytes;
  const scatter = (1 + features) * VECTOR_BYTES;
  const names = ["component", "points", "pointsEnd", "joint", "scales", "list", "sums", "sharedSums"] as const;
  return routine(names, (p) => {
    const start = integer(p.list);
    const { end, mass } = listSurvivors(setting, p);
    addTo(lanes, at(0, p.sums), mass);
    when(lessThan(start, end), () => {
      const rows = {
        x: { first: at(0), bytes: rowBytes },
        mean: { first: at(component.pivot, p.component), bytes: lanes.bytes },
        sums: { first: at(VECTOR_BYTES, p.sums), bytes: VECTOR_BYTES },
      };
      walkFeatures(features, unrolled, rows, (count, first) => {
        const place = (j: number) =>
          spherical ? at(scatter, p.sums) : shifted(first.sums, (j + features) * VECTOR_BYTES);
        addFeatures(count, first, start, end, place);
      });
    });
  });

  /** in: the list; place: of the sum S_j */
  function addFeatures(
    count: number,
    first: Record<"x" | "mean" | "sums", Address>,
    start: Variable<"i32">,
    end: Variable<"i32">,
    place: (j: number) => Address,
  ): void {
    const means = range(count).map((j) => vector(lanes.splat(shifted(first.mean, j * lanes.bytes))));
    const weighted = range(count).map(() => vector(lanes.zero()));
    const squares = range(spherical ? 1 : count).map(() => vector(lanes.zero()));
    const entry = integer(start);
    repeat(() => {
      const root = vector(load(at(0, entry)));
      const points = at(first.x.offset, integer(plus(loadInteger(at(ENTRY_POINTS, entry)), first.x.pointer)));
      for (const j of range(count)) {
        const u = vector(lanes.mul(root, lanes.sub(load(shifted(points, j * rowBytes)), means[j])));
        const square = squares[spherical ? 0 : j];
        set(weighted[j], lanes.madd(root, u, weighted[j]));
        set(square, lanes.madd(u, u, square));
      }
      advance(entry, ENTRY_BYTES);
      return lessThan(entry, end);
    });
    weighted.forEach((sum, j) => void addTo(lanes, shifted(first.sums, j * VECTOR_BYTES), sum));
    squares.forEach((sum, j) => void addTo(lanes, place(j), sum));
  }
}
