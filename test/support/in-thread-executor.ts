import {
  type Arithmetic,
  type Compilers,
  type Executor,
  KernelCache,
  type KernelChoice,
  KernelPrograms,
  runInThread,
  type Tiles,
} from "@emix/core";

/** How the executor computes, if not by the plain kernels in doubles. */
export interface InThreadOptions {
  readonly arithmetic?: Arithmetic;
  readonly compilers?: Compilers;
}

/** The executor without threads: same blocks, same order, same bits. */
export function inThreadExecutor(
  tiles: Tiles,
  kernel: KernelChoice = "reference",
  { arithmetic = "f64", compilers }: InThreadOptions = {},
): Executor {
  const kernels = new KernelCache();
  const programs = new KernelPrograms({ kernel }, compilers);
  const over = (points: Tiles): Executor => ({
    tiles: points,
    programs,
    arithmetic,
    threads: 1,
    pause: async () => {},
    over,
    lend: (bytes, use) => use(new ArrayBuffer(bytes)),
    run: async (pass, consume) => consume(runInThread(points, pass, kernels)),
  });
  return over(tiles);
}
