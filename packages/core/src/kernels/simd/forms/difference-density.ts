import type { MatrixKind } from "../../../covariance/types.ts";
import type { ComponentLayout } from "../arithmetic/component.ts";
import { storeLogJoint } from "../arithmetic/log-joint.ts";
import { walkFeatures } from "../language/feature-walk.ts";
import { range } from "../language/range.ts";
import type { Setting } from "../language/setting.ts";
import { walkTiles } from "../language/tile-walk.ts";
import { type Address, at, type Routine, routine, set, shifted, type Vector, vector } from "../language/wasm.ts";

// E of a component whose y_j need one feature each: y_j = (x_j − μ_j) w_j − b_j, q = Σ y_j², lp = log constant − q/2.

/** Vectors of points side by side. */
const MOST_VECTORS = 8;

/** Matrices without correlations: a scale 1/σ_j for each feature, or one scale 1/σ. */
export type VarianceKind = Exclude<MatrixKind, "triangle">;

/** How y_j comes of x_j. Whitened: x is W(x − p) already, and y_j = x_j − g_j with g in the place of the factor. */
export type Difference = VarianceKind | "whitened";

/** in: component; points … pointsEnd; out: joint */
export function differenceDensity(setting: Setting, component: ComponentLayout, difference: Difference): Routine {
  const { lanes, features, tileSize, unrolled } = setting;
  const rowBytes = tileSize * lanes.bytes;
  const vectors = Math.min(MOST_VECTORS, rowBytes / lanes.vectorBytes);
  return routine(["component", "shared", "points", "pointsEnd", "joint"] as const, (p) => {
    const scale = difference === "scalar" ? vector(lanes.splat(at(component.factor, p.component))) : undefined;
    walkTiles(setting, p.points, p.pointsEnd, vectors * lanes.vectorBytes, () => {
      const q = range(vectors).map(() => vector(lanes.zero()));
      const rows = {
        x: { first: at(0, p.points), bytes: rowBytes },
        own: { first: at(0, p.component), bytes: lanes.bytes },
      };
      walkFeatures(features, unrolled, rows, (count, first) => {
        for (const j of range(count))
          addFeature(q, shifted(first.x, j * rowBytes), shifted(first.own, j * lanes.bytes));
      });
      storeLogJoint(setting, component, p.component, q, p.joint);
    });

    /** q += y_j². in: own, the component's start moved to feature j */
    function addFeature(q: ReturnType<typeof vector>[], x: Address, own: Address): void {
      const y = residual(own);
      q.forEach((sum, v) => {
        const yv = vector(y(lanes.load(shifted(x, v * lanes.vectorBytes))));
        set(sum, lanes.madd(yv, yv, sum));
      });
    }

    function residual(own: Address): (x: Vector) => Vector {
      const parameter = (offset: number) => vector(lanes.splat(shifted(own, offset)));
      if (difference === "whitened") {
        const g = parameter(component.factor);
        return (x) => lanes.sub(x, g);
      }
      const [mean, bias] = [parameter(component.pivot), parameter(component.biases)];
      const factor = scale ?? parameter(component.factor);
      return (x) => lanes.madd(lanes.sub(x, mean), factor, bias);
    }
  });
}
