import { FARTHEST } from "../../../mixture/density.ts";
import type { Setting } from "../language/setting.ts";
import { advance, at, type Integer, store, type Variable, vector } from "../language/wasm.ts";
import type { ComponentLayout } from "./component.ts";
import { inDoubles } from "./sums.ts";

/** lp = log constant − q/2 of a strip, q no more than FARTHEST; joint goes on to the next strip. */
export function storeLogJoint(
  setting: Setting,
  layout: ComponentLayout,
  component: Integer,
  squaredDistances: readonly Variable<"v128">[],
  joint: Variable<"i32">,
): void {
  const { wide, pool } = setting;
  const logConstant = vector(wide.splat(at(layout.logConstant, component)));
  const [half, farthest] = [vector(pool.splat(-0.5)), vector(pool.splat(FARTHEST))];
  const distances = inDoubles(setting, squaredDistances).flat();
  distances.forEach((q, v) => {
    store(at(v * wide.vectorBytes, joint), wide.madd(wide.least(q, farthest), half, logConstant));
  });
  advance(joint, distances.length * wide.vectorBytes);
}
