import { type Executor, KernelCache, type KernelChoice, KernelPrograms, runInThread, type Tiles } from "@emix/core";

/** The executor without threads: same blocks, same order, same bits. */
export function inThreadExecutor(tiles: Tiles, kernel: KernelChoice = "reference"): Executor {
  const kernels = new KernelCache();
  return {
    tiles,
    programs: new KernelPrograms({ kernel }),
    arithmetic: "f64",
    threads: 1,
    lend: (bytes, use) => use(new ArrayBuffer(bytes)),
    run: async (pass, consume) => consume(runInThread(tiles, pass, kernels)),
  };
}
