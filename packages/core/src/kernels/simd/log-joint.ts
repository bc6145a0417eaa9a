import { FARTHEST } from "../../density.ts";
import type { ComponentLayout } from "./component.ts";
import type { Setting } from "./form.ts";
import {
  advance,
  at,
  type Integer,
  promotedHigh,
  promotedLow,
  store,
  type Variable,
  VECTOR_BYTES,
  type Vector,
  vector,
} from "./wasm.ts";

/** lp = log constant − q/2 of a strip, q no more than FARTHEST; joint goes on to the next strip. */
export function storeLogJoint(
  { lanes, wide, pool }: Setting,
  layout: ComponentLayout,
  component: Integer,
  squaredDistances: readonly Vector[],
  joint: Variable<"i32">,
): void {
  const logConstant = vector(wide.splat(at(layout.logConstant, component)));
  const [half, farthest] = [vector(pool.splat(-0.5)), vector(pool.splat(FARTHEST))];
  const distances =
    lanes === wide ? squaredDistances : squaredDistances.flatMap((q) => [promotedLow(q), promotedHigh(q)]);
  distances.forEach((q, v) => {
    store(at(v * VECTOR_BYTES, joint), wide.madd(wide.least(q, farthest), half, logConstant));
  });
  advance(joint, distances.length * VECTOR_BYTES);
}
