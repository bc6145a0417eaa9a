import { describe, expect, test } from "vitest";
import { referenceRoutingKernel } from "../../../../../packages/core/src/kernels/reference/reference-routing.ts";
import { partingProgram } from "../../../../../packages/core/src/kernels/simd/host/program.ts";
import { simdRoutingKernel } from "../../../../../packages/core/src/kernels/simd/host/simd-routing-kernel.ts";
import { bisectionsOf } from "../../../../../packages/core/src/points/order/bisections.ts";
import { rowWidth } from "../../../../../packages/core/src/points/order/parting-kernel.ts";
import type { Route, RoutingKernel } from "../../../../../packages/core/src/points/order/routing-kernel.ts";
import { atOnce } from "../../../../../packages/core/src/points/stretches.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";

/** Both kernels, with the tree of some random points in each of the features. */
function kernelsFor(features: number, size: number): RoutingKernel[] {
  const random = randomStream(features, "routing");
  const points = Float64Array.from({ length: size * features }, () => random.normal());
  const units = { means: new Float64Array(features), scales: new Float64Array(features).fill(1) };
  const tree = atOnce(bisectionsOf({ points, size, ...units }));
  const measures = Float64Array.from({ length: 2 * features }, (_, i) => (i < features ? i : 2 ** (i % 3)));
  const route: Route = { features, tileSize: 16, tree, measures };
  return [referenceRoutingKernel(route), simdRoutingKernel(partingProgram(route), route)];
}

describe("routing kernels", () => {
  const scales = { normal: 1, far: 1e300, farther: Number.MAX_VALUE, tiny: 1e-30, none: 0 };
  for (const features of [1, 3, 4, 6, 16, 21]) {
    test(`make rows of ${features} features, and find their leaves, with the same bits`, () => {
      for (const size of [1, 200]) {
        const kernels = kernelsFor(features, size);
        const random = randomStream(size, "routing");
        for (const [name, scale] of Object.entries(scales)) {
          const columns = Float64Array.from({ length: 16 * features }, () => scale * (2 * random.uniform() - 1));
          for (const kernel of kernels) kernel.route(columns);
          expect(kernels[1].rows, name).toEqual(kernels[0].rows);
          expect(kernels[1].leaves, name).toEqual(kernels[0].leaves);
        }
      }
    });
  }

  test("measure coordinates in the given units, no farther than a number whose square has a sum", () => {
    const columns = Float32Array.from({ length: 16 * 3 }, (_, i) => (i === 20 ? 1e30 : i));
    for (const kernel of kernelsFor(3, 50)) {
      kernel.route(columns);
      expect(kernel.rows.length).toBe(16 * rowWidth(3));
      // (x − m) · s, with the scales 1, 2 and 4 from the place 3 on.
      expect([...kernel.rows.subarray(4 * 4, 5 * 4)]).toEqual([4, 2 ** 20, (36 - 2) * 4, 0]);
    }
  });
});
