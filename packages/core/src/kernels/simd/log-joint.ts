import { FARTHEST } from "../../density.ts";
import type { ComponentLayout } from "./component.ts";
import type { Setting } from "./form.ts";
import { at, type Integer, store, VECTOR_BYTES, type Vector, vector } from "./wasm.ts";

/** lp = log constant − q/2 of a strip, q no more than FARTHEST. */
export function storeLogJoint(
  { lanes, pool }: Setting,
  layout: ComponentLayout,
  component: Integer,
  squaredDistances: readonly Vector[],
  joint: Integer,
): void {
  const logConstant = vector(lanes.splat(at(layout.logConstant, component)));
  const [half, farthest] = [vector(pool.splat(-0.5)), vector(pool.splat(FARTHEST))];
  squaredDistances.forEach((q, v) => void store(at(v * VECTOR_BYTES, joint), lanes.madd(lanes.least(q, farthest), half, logConstant)));
}
