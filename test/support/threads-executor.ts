import { type Arithmetic, type Executor, KernelPrograms, type Tiles } from "@emix/core";
import { CancelFlag } from "../../packages/workers/src/cancel.ts";
import { ParallelExecutor } from "../../packages/workers/src/executors/parallel-executor.ts";
import { compilers } from "../../packages/workers/src/kernels/compile.ts";
import { SharedMemory } from "../../packages/workers/src/memory.ts";
import type { Pool } from "../../packages/workers/src/pool.ts";
import { loneTurns } from "../../packages/workers/src/queue/job-turns.ts";

/** An executor on all threads of a pool, for tiles in memory that they share. */
export function threadsExecutor(
  tiles: Tiles,
  pool: Pool,
  { kernel, arithmetic }: { readonly kernel: "simd" | "simd256"; readonly arithmetic: Arithmetic },
): Executor {
  const executor = new ParallelExecutor({
    ...{ tiles, arithmetic, threads: pool.threads, pool: async () => pool },
    ...{ memory: new SharedMemory(), cancel: new CancelFlag(), turns: loneTurns(), stepTimeout: 600_000 },
    programs: new KernelPrograms({ kernel }, compilers()),
  });
  return plain(executor);
}

/** The same as an object whose functions can be copied to another. */
function plain(executor: Executor): Executor {
  const { tiles, programs, arithmetic, threads } = executor;
  return {
    ...{ tiles, programs, arithmetic, threads },
    pause: () => executor.pause(),
    over: (other) => plain(executor.over(other)),
    lend: (bytes, use) => executor.lend(bytes, use),
    run: (pass, consume) => executor.run(pass, consume),
  };
}
