import { type Arithmetic, KernelPrograms, tileCount } from "@emix/core";
import { describe, expect, test } from "vitest";
import { fallbacks } from "../../../../../../packages/core/src/kernels/dispatch.ts";
import type { KernelShape } from "../../../../../../packages/core/src/kernels/kernel.ts";
import { type Compile, compileLazily } from "../../../../../../packages/core/src/kernels/simd/host/compiled.ts";
import { fitsMemory } from "../../../../../../packages/core/src/kernels/simd/host/instance.ts";
import { simdProgram } from "../../../../../../packages/core/src/kernels/simd/host/program.ts";
import { packsWell } from "../../../../../../packages/core/src/kernels/simd/host/self-test.ts";
import { simdKernel } from "../../../../../../packages/core/src/kernels/simd/host/simd-kernel.ts";
import { statisticsLayout } from "../../../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { compilers, knowsPacking } from "../../../../../../packages/workers/src/kernels/compile.ts";
import { type KernelCase, kernelCase, kernelChoices } from "../../../../../support/kernel-cases.ts";
import { law } from "../../../../../support/laws.ts";
import { COVARIANCE_TYPES } from "../../../../../support/scenes.ts";

const { packed } = compilers();
const WORK = 1e9;

/** Compiles the module with the last bit of ln 2 in its exponential wrong: something that only rounding shows. */
const compileWrongly: Compile = (bytes) => {
  const wrong = bytes.slice();
  const constant = new Uint8Array(Float64Array.of(-2 * 0.6931471803691238).buffer);
  const place = wrong.findIndex((_, i) => constant.every((byte, j) => wrong[i + j] === byte));
  wrong[place] ^= 1;
  return new WebAssembly.Module(wrong);
};

function statistics(given: KernelCase, arithmetic: Arithmetic, compile: Compile): Float64Array {
  const { shape, tiles, parameters, measured } = given;
  const program = simdProgram(shape, { relaxed: true, bits: 256, arithmetic }, (_, write) => compile(write()));
  const kernel = simdKernel(program, shape);
  const slot = new Float64Array(statisticsLayout(shape.components, shape.features, shape.covarianceType).length);
  kernel.load(parameters, measured);
  kernel.expectation({ tiles, first: 0, end: tileCount(tiles) }, slot);
  return slot;
}

const shapeOf = (covarianceType: KernelShape["covarianceType"], features: number): KernelShape => ({
  covarianceType,
  features,
  components: 4,
  dtype: "f64",
  tileSize: 64,
});

describe.runIf(packed !== null)("vectors packed by V8", () => {
  law("leave the bits of vectors that are not", kernelChoices({ features: 24, count: 900 }), 40, (choice) => {
    for (const arithmetic of ["f64", "f32"] as const) {
      const given = kernelCase(arithmetic === "f64" ? choice : { ...choice, frames: "none" });
      const plain = statistics(given, arithmetic, compileLazily);
      expect(statistics(given, arithmetic, packed ?? compileLazily)).toEqual(plain);
    }
  });

  test.each(COVARIANCE_TYPES)("pass the self-test: %s", (covarianceType) => {
    for (const features of [1, 3, 4, 6, 11]) {
      const programs = new KernelPrograms({ kernel: "simd256" }, compilers());
      const program = programs.get(shapeOf(covarianceType, features), WORK);
      expect(program.kind).toBe("simd256");
      expect(fallbacks(program)).toEqual([]);
    }
  });

  test("are taken for large work by auto256", () => {
    const programs = new KernelPrograms({ kernel: "auto256" }, compilers());
    expect(programs.get(shapeOf("diag", 3), WORK).kind).toBe("simd256");
    expect(programs.get(shapeOf("diag", 3), 2 ** 23 - 1).kind).toBe("simd");
    expect(programs.get(shapeOf("diag", 3), 10).kind).toBe("reference");
  });
});

test("packing is asked of the V8s that are known for it, on x64", () => {
  const versions = ["12.4.254.21-node.27", "13.6.233.17-node.53", "14.6.202.34-node.34", "15.0.1"];
  expect(versions.map((v8) => knowsPacking(v8, "x64"))).toEqual([false, true, true, false]);
  expect(knowsPacking("14.6.202.34-node.34", "arm64")).toBe(false);
});

describe("the self-test", () => {
  test.each(COVARIANCE_TYPES)("sees a wrong bit: %s", (covarianceType) => {
    const shape = shapeOf(covarianceType, 9);
    const program = simdProgram(shape, { relaxed: true, bits: 256 });
    const { module } = simdProgram(shape, { relaxed: true, bits: 256 }, (_, write) => compileWrongly(write()));
    expect(packsWell({ ...program, key: `${covarianceType} right` }, program, shape)).toBe(true);
    expect(packsWell({ ...program, key: `${covarianceType} wrong`, module }, program, shape)).toBe(false);
  });

  test.each([
    ["is not to be had", null],
    ["fails", compileWrongly],
  ])("where packing %s, simd serves, and the fit is told", (_, packed) => {
    const programs = new KernelPrograms({ kernel: "simd256" }, { plain: compileLazily, packed });
    const program = programs.get(shapeOf("full", 10), WORK);
    expect(program.kind).toBe("simd");
    expect(fallbacks(program)).toEqual([{ code: "KERNEL_FALLBACK" }]);
  });

  test("a fit is told of its own program alone, not of what served another", () => {
    const programs = new KernelPrograms({ kernel: "auto256" }, { plain: compileLazily, packed: null });
    const large = programs.get(shapeOf("full", 10), WORK);
    const small = programs.get(shapeOf("full", 10), 10);
    expect([large, small].map((program) => program.fellBack)).toEqual([true, false]);
    expect(programs.get(shapeOf("full", 10), WORK)).toBe(large);
    expect(new KernelPrograms({ kernel: "simd" }).get(shapeOf("full", 10), WORK).fellBack).toBe(false);
  });

  test("a shape that no kernel but the reference has memory for is no fallback", () => {
    const programs = new KernelPrograms({ kernel: "simd256" }, { plain: compileLazily, packed: null });
    const huge = { ...shapeOf("full", 128), components: 12000, tileSize: 16 };
    expect(fitsMemory(huge, "f64")).toBe(false);
    expect(programs.get(huge, WORK)).toMatchObject({ kind: "reference", fellBack: false });
  });
});
