import type { ComponentLayout } from "./component.ts";
import { walkFeatures } from "./feature-walk.ts";
import type { Setting } from "./form.ts";
import { storeLogJoint } from "./log-joint.ts";
import { walkTiles } from "./tile-walk.ts";
import { BLOCK_ROWS, range } from "./triangle-blocks.ts";
import { type Columns, squaredDistances, triangularProduct } from "./triangular-product.ts";
import {
  type Address,
  advance,
  at,
  integer,
  load,
  minus,
  plus,
  type Routine,
  routine,
  shifted,
  store,
  VECTOR_BYTES,
  type Vector,
  vector,
} from "./wasm.ts";

// E of a component with a triangular factor: z = x − μ, y = W z − W lo, lp = log constant − |y|²/2.

/** z of so few features stays in registers. */
const FEATURES_IN_REGISTERS = 6;

/** Vectors of points side by side: few rows need more of them to keep the multipliers busy. */
export function stripVectors(features: number): number {
  return features < BLOCK_ROWS ? 4 : 2;
}

/** Where a component's numbers stand; the factor is its own, or shared by all. */
export interface TriangularParameters {
  readonly component: ComponentLayout;
  readonly factor: { readonly shared: boolean; readonly offset: number };
}

/** in: component, shared; points … pointsEnd; out: joint */
export function triangularDensity(setting: Setting, parameters: TriangularParameters, scratch: number): Routine {
  const { features, unrolled, lanes } = setting;
  const { component, factor: place } = parameters;
  const vectors = stripVectors(features);
  return routine(["component", "shared", "points", "pointsEnd", "joint"] as const, (p) => {
    walkTiles(setting, p.points, p.pointsEnd, vectors * VECTOR_BYTES, () => {
      const z = centred(setting, at(0, p.points), at(component.pivot, p.component), scratch, vectors);
      const biases = at(component.biases, p.component);
      const factor = at(place.offset, place.shared ? p.shared : p.component);
      const q = squaredDistances({ lanes, size: features, vectors, z, biases, factor, unrolled });
      storeLogJoint(setting, component, p.component, q, p.joint);
    });
  });
}

/** y = W (x − p) of all points, written where their x would stand. in: shared: p, 0, W; points … pointsEnd; out: whitened */
export function whiten(setting: Setting, component: ComponentLayout, scratch: number): Routine {
  const { features, unrolled, lanes, tileSize } = setting;
  const vectors = stripVectors(features);
  return routine(["shared", "points", "pointsEnd", "whitened"] as const, (p) => {
    const distance = integer(minus(p.whitened, p.points));
    walkTiles(setting, p.points, p.pointsEnd, vectors * VECTOR_BYTES, () => {
      const z = centred(setting, at(0, p.points), at(component.pivot, p.shared), scratch, vectors);
      const [biases, factor] = [at(component.biases, p.shared), at(component.factor, p.shared)];
      const out = integer(plus(p.points, distance));
      triangularProduct({ lanes, size: features, vectors, z, biases, factor, unrolled }, (y) => {
        y.forEach((row, i) => {
          row.forEach((yv, v) => void store(at(i * tileSize * lanes.bytes + v * VECTOR_BYTES, out), yv));
        });
        advance(out, y.length * tileSize * lanes.bytes);
      });
    });
  });
}

/** z = x − μ of a strip, in registers or in scratch memory. */
function centred(setting: Setting, points: Address, pivot: Address, scratch: number, vectors: number): Columns {
  const { features, tileSize, lanes, unrolled } = setting;
  const rowBytes = tileSize * lanes.bytes;
  const columnBytes = vectors * VECTOR_BYTES;
  const difference = (x: Address, mean: Vector): Vector[] =>
    range(vectors).map((v) => lanes.sub(load(shifted(x, v * VECTOR_BYTES)), mean));
  const z = (j: number, x: Address, mean: Address): Vector[] =>
    difference(shifted(x, j * rowBytes), vector(lanes.splat(shifted(mean, j * lanes.bytes))));

  if (unrolled && features <= FEATURES_IN_REGISTERS) {
    const columns = range(features).map((j) => z(j, points, pivot).map((zj) => vector(zj)));
    return { scratch, column: (j) => columns[j] };
  }
  const keep = (j: number, x: Address, mean: Address, out: Address): void => {
    z(j, x, mean).forEach((zj, v) => {
      store(shifted(out, j * columnBytes + v * VECTOR_BYTES), zj);
    });
  };
  const rows = {
    x: { first: points, bytes: rowBytes },
    mean: { first: pivot, bytes: lanes.bytes },
    out: { first: at(scratch), bytes: columnBytes },
  };
  walkFeatures(features, unrolled, rows, (count, first) => {
    for (const j of range(count)) keep(j, first.x, first.mean, first.out);
  });
  return { scratch, column: (j) => range(vectors).map((v) => load(at(scratch + j * columnBytes + v * VECTOR_BYTES))) };
}
