import { FARTHEST } from "../../density.ts";
import type { ComponentLayout } from "./component.ts";
import type { Setting } from "./form.ts";
import { walkTiles } from "./tile-walk.ts";
import { BLOCK_ROWS, range } from "./triangle-blocks.ts";
import { type Columns, squaredDistances } from "./triangular-product.ts";
import {
  type Address,
  advance,
  at,
  integer,
  lessThan,
  load,
  repeat,
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

/** in: component; points … pointsEnd; out: joint */
export function triangularDensity(setting: Setting, component: ComponentLayout, scratch: number): Routine {
  const { lanes, pool, features, unrolled } = setting;
  const vectors = stripVectors(features);
  const stripBytes = vectors * VECTOR_BYTES;
  return routine(["component", "points", "pointsEnd", "joint"] as const, (p) => {
    walkTiles(setting, p.points, p.pointsEnd, stripBytes, () => {
      const z = centred(setting, at(0, p.points), at(component.pivot, p.component), scratch, vectors);
      const [biases, factor] = [at(component.biases, p.component), at(component.factor, p.component)];
      const q = squaredDistances({ lanes, size: features, vectors, z, biases, factor, unrolled });
      const logConstant = vector(lanes.splat(at(component.logConstant, p.component)));
      const [half, farthest] = [vector(pool.splat(-0.5)), vector(pool.splat(FARTHEST))];
      q.forEach((squared, v) => {
        const logJoint = lanes.madd(lanes.least(squared, farthest), half, logConstant);
        store(at(v * VECTOR_BYTES, p.joint), logJoint);
      });
      advance(p.joint, stripBytes);
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
  if (unrolled) for (const j of range(features)) keep(j, points, pivot, at(scratch));
  else centreInLoop();
  return { scratch, column: (j) => range(vectors).map((v) => load(at(scratch + j * columnBytes + v * VECTOR_BYTES))) };

  function centreInLoop(): void {
    const whole = features - (features % BLOCK_ROWS);
    const [x, mean, out] = [integer(points.pointer), integer(pivot.pointer), integer(scratch)];
    if (whole > 0) {
      repeat(() => {
        for (const j of range(BLOCK_ROWS)) keep(j, at(points.offset, x), at(pivot.offset, mean), at(0, out));
        advance(x, BLOCK_ROWS * rowBytes);
        advance(mean, BLOCK_ROWS * lanes.bytes);
        advance(out, BLOCK_ROWS * columnBytes);
        return lessThan(out, scratch + whole * columnBytes);
      });
    }
    for (const j of range(features - whole)) keep(j, at(points.offset, x), at(pivot.offset, mean), at(0, out));
  }
}
