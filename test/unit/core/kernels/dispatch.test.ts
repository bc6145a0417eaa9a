import { describe, expect, test } from "vitest";
import { fusesMultiplyAdd, KernelPrograms, type KernelSettings } from "../../../../packages/core/src/index.ts";
import { usedKernel } from "../../../../packages/core/src/kernels/dispatch.ts";

const shape = { features: 4, components: 3, covarianceType: "diag", dtype: "f64", tileSize: 64 } as const;
const used = (settings: Partial<KernelSettings>, work = 1e9) =>
  usedKernel(new KernelPrograms(settings).get(shape, work));

describe("the kernel that a result names", () => {
  test("fuses where the processor can", () => {
    expect(used({ kernel: "simd" })).toEqual({ kind: "simd", fused: fusesMultiplyAdd() });
  });

  test("does not fuse with `strict`", () => {
    expect(used({ kernel: "auto", strict: true })).toEqual({ kind: "simd", fused: false });
  });

  test("is the reference for little work, which never fuses", () => {
    expect(used({ kernel: "auto" }, 10)).toEqual({ kind: "reference", fused: false });
    expect(used({ kernel: "reference" })).toEqual({ kind: "reference", fused: false });
  });

  test("is the one that served, not the one that was asked for", () => {
    expect(used({ kernel: "auto256" }).kind).toBe("simd");
  });
});
