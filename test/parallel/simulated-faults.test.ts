import { EmixError, fit, KernelPrograms, resolveFitOptions } from "@emix/core";
import { expect, test } from "vitest";
import { CancelFlag } from "../../packages/workers/src/cancel.ts";
import { ParallelExecutor } from "../../packages/workers/src/executors/parallel-executor.ts";
import { compilers } from "../../packages/workers/src/kernels/compile.ts";
import { loadPoints } from "../../packages/workers/src/loaded-points.ts";
import { SharedMemory } from "../../packages/workers/src/memory.ts";
import { loneTurns } from "../../packages/workers/src/queue/job-turns.ts";
import { clusters } from "../support/points.ts";
import { simulatedPool } from "../support/simulated-pool.ts";

/** `pnpm soak` has 10,000. */
const SEEDS = Number(process.env.EMIX_SOAK_SEEDS ?? 200);

const points = clusters(40_000, 6, 6, "simulated");
const options = resolveFitOptions({ components: 6, maxIterations: 1, tolerance: 0, seed: 3, initialization: "random" });
const { tiles } = await loadPoints(points, { allocate: (bytes) => new SharedArrayBuffer(bytes) });
const programs = new KernelPrograms({ kernel: "auto" }, compilers());

/** A fit on a pool whose tasks meet their fates: its result as text, or the code of its error. */
async function outcome(seed: number, share: number) {
  const pool = simulatedPool(3, seed, share);
  const shared = { memory: new SharedMemory(), cancel: new CancelFlag(), turns: loneTurns(), stepTimeout: 60_000 };
  const setting = { pool: async () => pool, threads: 3, tiles, programs, arithmetic: "f64", ...shared } as const;
  const steps = fit(new ParallelExecutor(setting), options);
  try {
    let next = await steps.next();
    while (!next.done) next = await steps.next();
    return { text: JSON.stringify(next.value), fates: pool.fates };
  } catch (error) {
    if (!(error instanceof EmixError)) throw error;
    return { text: error.code, fates: pool.fates };
  }
}

test(`tasks that come late, twice or not at all change no bit: ${SEEDS} seeds`, { timeout: 3_600_000 }, async () => {
  const undisturbed = await outcome(0, 0);
  const totals = new Map<string, number>();
  let whole = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { text, fates } = await outcome(seed, (seed % 10) / 10);
    for (const [fate, count] of fates) totals.set(fate, (totals.get(fate) ?? 0) + count);
    if (text === undisturbed.text) whole++;
    else expect(text, `seed ${seed}`).toBe("WORKER_LOST");
  }
  expect(totals.size).toBe(7);
  expect(whole).toBeGreaterThan(0.8 * SEEDS);
  if (SEEDS > 200) console.log(`${whole} of ${SEEDS} seeds ended whole, the others with WORKER_LOST`);
});
