import { fit, KernelPrograms, resolveFitOptions, type Warning } from "@emix/core";
import { expect, test } from "vitest";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";

// A fit that fell back to 128-bit vectors left its warning to every later fit with the same kernels.

const points = (count: number) => Array.from({ length: count }, (_, i) => [i % 7, (i * i) % 11]);

async function warningsOf(programs: KernelPrograms, count: number): Promise<readonly Warning[]> {
  const executor = { ...inThreadExecutor(tilePoints(points(count))), programs };
  const fitting = fit(executor, resolveFitOptions({ components: 8, maxIterations: 2, initialization: "random" }));
  for (;;) {
    const next = await fitting.next();
    if (next.done) return next.value.warnings.filter(({ code }) => code === "KERNEL_FALLBACK");
  }
}

test("a fit that needs no wide vectors warns of no fallback, whatever another one did before", async () => {
  const programs = new KernelPrograms({ kernel: "auto256" });
  const told = [{ code: "KERNEL_FALLBACK" }];
  expect(await warningsOf(programs, 50)).toEqual([]);
  expect(await warningsOf(programs, 50_000)).toMatchObject(told);
  expect(await warningsOf(programs, 50)).toEqual([]);
  expect(await warningsOf(programs, 50_000)).toMatchObject(told);
});
