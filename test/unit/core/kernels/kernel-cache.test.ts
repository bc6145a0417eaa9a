import { describe, expect, test } from "vitest";
import { KernelPrograms } from "../../../../packages/core/src/kernels/dispatch.ts";
import { KernelCache } from "../../../../packages/core/src/kernels/kernel-cache.ts";

const program = (components: number) =>
  new KernelPrograms({ kernel: "reference" }).get(
    { features: 2, components, covarianceType: "full", dtype: "f64", tileSize: 64 },
    0,
  );

describe("the kernels of a thread", () => {
  test("are made once", () => {
    const cache = new KernelCache();
    expect(cache.get(program(1))).toBe(cache.get(program(1)));
    expect(cache.get(program(2))).not.toBe(cache.get(program(1)));
  });

  test("beyond eight, the one not used for longest gives way", () => {
    const cache = new KernelCache();
    const kernels = [1, 2, 3, 4, 5, 6, 7, 8].map((components) => cache.get(program(components)));
    expect(cache.get(program(1))).toBe(kernels[0]);
    cache.get(program(9));
    expect(cache.get(program(1))).toBe(kernels[0]);
    for (const components of [3, 4, 5, 6, 7, 8]) expect(cache.get(program(components))).toBe(kernels[components - 1]);
    expect(cache.get(program(2))).not.toBe(kernels[1]);
  });

  test("that of distances serves passes that follow each other", () => {
    const cache = new KernelCache();
    const of = (features: number) =>
      new KernelPrograms({ kernel: "simd" }).distances({ features, dtype: "f64", tileSize: 64 }, 0);
    const kernel = cache.distances(of(2));
    expect(cache.distances(of(2))).toBe(kernel);
    expect(cache.distances(of(3))).not.toBe(kernel);
    expect(cache.distances({ ...of(2), simd: null })).not.toBe(kernel);
  });
});
