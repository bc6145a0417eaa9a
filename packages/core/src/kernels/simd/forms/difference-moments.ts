import type { ComponentLayout } from "../arithmetic/component.ts";
import { addAllTo, addTo } from "../arithmetic/sums.ts";
import { ENTRY, type Entries, inChunks, listSurvivors } from "../arithmetic/survivors.ts";
import { BLOCK_ROWS, walkFeatures } from "../language/feature-walk.ts";
import { range } from "../language/range.ts";
import { type Setting, WHOLE_BYTES } from "../language/setting.ts";
import {
  type Address,
  advance,
  at,
  type Integer,
  integer,
  lessThan,
  loadInteger,
  plus,
  type Routine,
  repeat,
  routine,
  set,
  shifted,
  store,
  vector,
  when,
} from "../language/wasm.ts";
import type { VarianceKind } from "./difference-density.ts";

// M of a component without correlations: with z = x − μ, N += Σ r, s_j += Σ r z_j, S_j += Σ r z_j² (diagonal) or
// S += Σ_j Σ r z_j² (scalar), over the points of a group whose r is not 0.

/** Points after which sums in f32 are added to the totals. */
const CHUNK_POINTS = 128;

/** in: component; runs … runsEnd of points; joint, e; scales, ω / s; list, room for the survivors; out: sums, added to */
export function differenceMoments(setting: Setting, component: ComponentLayout, kind: VarianceKind): Routine {
  const { lanes, wide, features, unrolled, tileSize } = setting;
  const rowBytes = tileSize * lanes.bytes;
  const { whole } = setting;
  const scatter = (1 + features) * WHOLE_BYTES;
  const parts = range(WHOLE_BYTES / lanes.vectorBytes).map((part) => part * lanes.vectorBytes);
  const together = BLOCK_ROWS / parts.length;
  const names = ["component", "runs", "runsEnd", "joint", "scales", "list", "sums", "sharedSums"] as const;
  return routine(names, (p) => {
    const start = integer(p.list);
    const { end, mass } = listSurvivors(setting, "responsibility", p);
    store(at(0, p.sums), whole.wide.add(whole.wide.load(at(0, p.sums)), mass));
    when(lessThan(start, end), () => {
      if (lanes === wide) addAll(p, { start, end });
      else inChunks({ start, end }, (CHUNK_POINTS / whole.lanes.count) * ENTRY.bytes, (chunk) => addAll(p, chunk));
    });
  });

  function addAll(p: Record<"component" | "sums", Integer>, list: Entries): void {
    const rows = {
      x: { first: at(0), bytes: rowBytes },
      mean: { first: at(component.pivot, p.component), bytes: lanes.bytes },
      sums: { first: at(WHOLE_BYTES, p.sums), bytes: WHOLE_BYTES },
    };
    walkFeatures(features, unrolled, rows, (count, first) => {
      for (let from = 0; from < count; from += together) {
        const place = (row: "x" | "mean" | "sums") => shifted(first[row], from * rows[row].bytes);
        const places = { x: place("x"), mean: place("mean"), sums: place("sums"), total: at(scatter, p.sums) };
        addFeatures(list, Math.min(together, count - from), places);
      }
    });
  }

  /** in: first, the places of the first feature, and of a scatter that all features share */
  function addFeatures(
    { start, end }: Entries,
    count: number,
    first: Record<"x" | "mean" | "sums" | "total", Address>,
  ): void {
    const means = range(count).map((j) => vector(lanes.splat(shifted(first.mean, j * lanes.bytes))));
    const sums = parts.map(() => ({
      weighted: range(count).map(() => vector(lanes.zero())),
      squares: range(count).map(() => vector(lanes.zero())),
    }));
    const entry = integer(start);
    repeat(() => {
      const points = at(first.x.offset, integer(plus(loadInteger(at(ENTRY.points, entry)), first.x.pointer)));
      parts.forEach((part, h) => {
        const { weighted, squares } = sums[h];
        const r = vector(lanes.load(at(part, entry)));
        for (const j of range(count)) {
          const z = vector(lanes.sub(lanes.load(shifted(points, j * rowBytes + part)), means[j]));
          const rz = vector(lanes.mul(r, z));
          set(weighted[j], lanes.add(weighted[j], rz));
          set(squares[j], lanes.madd(rz, z, squares[j]));
        }
      });
      advance(entry, ENTRY.bytes);
      return lessThan(entry, end);
    });
    parts.forEach((part, h) => {
      const { weighted, squares } = sums[h];
      const places = (from: number) => range(count).map((j) => shifted(first.sums, (from + j) * WHOLE_BYTES + part));
      addTo(setting, places(0), weighted);
      if (kind === "scalar") addAllTo(setting, shifted(first.total, part), squares, count);
      else addTo(setting, places(features), squares, count);
    });
  }
}
