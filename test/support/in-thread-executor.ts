import { type Executor, KernelCache, type KernelChoice, KernelPrograms, runInThread, type Tiles } from "@emix/core";

/** The executor without threads: same blocks, same order, same bits. */
export function inThreadExecutor(tiles: Tiles, kernel: KernelChoice = "reference"): Executor {
  const kernels = new KernelCache();
  const programs = new KernelPrograms({ kernel });
  const over = (points: Tiles): Executor => ({
    tiles: points,
    programs,
    arithmetic: "f64",
    threads: 1,
    over,
    lend: (bytes, use) => use(new ArrayBuffer(bytes)),
    run: async (pass, consume) => consume(runInThread(points, pass, kernels)),
  });
  return over(tiles);
}
