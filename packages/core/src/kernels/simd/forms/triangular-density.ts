import type { ComponentLayout, TrianglePlace } from "../arithmetic/component.ts";
import { storeLogJoint } from "../arithmetic/log-joint.ts";
import { squaredNorms, type TriangularProduct, triangularProduct } from "../arithmetic/triangular-product.ts";
import { BLOCK_ROWS } from "../language/feature-walk.ts";
import type { Setting } from "../language/setting.ts";
import { walkTiles } from "../language/tile-walk.ts";
import { advance, at, integer, minus, plus, type Routine, routine, store, type Variable } from "../language/wasm.ts";

// E of a component with a triangular factor: z = x − μ, y = W z − W lo, lp = log constant − |y|²/2.

/** Vectors of points side by side: few rows need more of them to keep the multipliers busy. */
export function stripVectors(features: number): number {
  return features < BLOCK_ROWS ? 4 : 2;
}

/** Where a component's numbers stand; the factor is its own, or shared by all. */
export interface TriangularParameters {
  readonly component: ComponentLayout;
  readonly factor: TrianglePlace;
}

/** in: component, shared; points … pointsEnd; out: joint */
export function triangularDensity(setting: Setting, parameters: TriangularParameters, scratch: number): Routine {
  const { component } = parameters;
  return routine(["component", "shared", "points", "pointsEnd", "joint"] as const, (p) => {
    walkProducts(setting, p, placesOf(parameters, p), scratch, (product) => {
      storeLogJoint(setting, component, p.component, squaredNorms(product), p.joint);
    });
  });
}

type Places = Pick<TriangularProduct, "pivot" | "biases" | "factor">;

/** Where the product of a component finds its numbers. */
export function placesOf(
  { component, factor }: TriangularParameters,
  p: Record<"component" | "shared", Variable<"i32">>,
): Places {
  return {
    pivot: at(component.pivot, p.component),
    biases: at(component.biases, p.component),
    factor: at(factor.offset, factor.shared ? p.shared : p.component),
  };
}

/** y = W (x − p) of all points, written where their x would stand. in: shared: p, 0, W; points … pointsEnd; out: whitened */
export function whiten(setting: Setting, shared: ComponentLayout, scratch: number): Routine {
  const { lanes, tileSize } = setting;
  return routine(["shared", "points", "pointsEnd", "whitened"] as const, (p) => {
    const distance = integer(minus(p.whitened, p.points));
    const places = {
      pivot: at(shared.pivot, p.shared),
      biases: at(shared.biases, p.shared),
      factor: at(shared.factor, p.shared),
    };
    walkProducts(setting, p, places, scratch, (product) => {
      const out = integer(plus(p.points, distance));
      triangularProduct(product, (y) => {
        y.forEach((row, i) => {
          row.forEach((yv, v) => void store(at(i * tileSize * lanes.bytes + v * lanes.vectorBytes, out), yv));
        });
        advance(out, y.length * tileSize * lanes.bytes);
      });
    });
  });
}

/** Walks over the points; of each strip, `take` gets the product to write. */
function walkProducts(
  setting: Setting,
  p: Record<"points" | "pointsEnd", Variable<"i32">>,
  places: Places,
  scratch: number,
  take: (product: TriangularProduct) => void,
): void {
  const { lanes, features, tileSize, unrolled } = setting;
  const vectors = stripVectors(features);
  const x = at(0, p.points);
  const rowBytes = tileSize * lanes.bytes;
  walkTiles(setting, p.points, p.pointsEnd, vectors * lanes.vectorBytes, () => {
    take({ ...places, lanes, size: features, vectors, x, rowBytes, scratch, unrolled });
  });
}
