import {
  type Executor,
  KernelCache,
  type KernelPrograms,
  type Pass,
  runInThread,
  type Slots,
  type Tiles,
} from "@emix/core";
import type { CancelFlag } from "../cancel.ts";
import { abortedWork } from "../errors.ts";

export interface SoloSetting {
  readonly programs: KernelPrograms;
  readonly cancel: CancelFlag;
  readonly kernels?: KernelCache;
  /** awaited before each pass */
  readonly pause?: () => Promise<void>;
}

/** Runs every pass in the thread that asks for it. */
export class SoloExecutor implements Executor {
  readonly tiles: Tiles;
  readonly programs: KernelPrograms;
  readonly arithmetic = "f64";
  readonly threads = 1;
  readonly kernels: KernelCache;
  readonly #setting: SoloSetting;

  constructor(tiles: Tiles, setting: SoloSetting) {
    this.tiles = tiles;
    this.programs = setting.programs;
    this.#setting = setting;
    this.kernels = setting.kernels ?? new KernelCache();
  }

  /** @throws ABORTED before a pass, once the flag is set */
  async run<T>(pass: Pass, consume: (slots: Slots) => T | Promise<T>): Promise<T> {
    await this.pause();
    return consume(runInThread(this.tiles, pass, this.kernels));
  }

  async pause(): Promise<void> {
    const { cancel, pause } = this.#setting;
    await pause?.();
    if (cancel.isSet) throw abortedWork();
    cancel.beat();
  }

  over(tiles: Tiles): Executor {
    return new SoloExecutor(tiles, { ...this.#setting, kernels: this.kernels });
  }

  lend<T>(bytes: number, use: (memory: ArrayBufferLike) => Promise<T>): Promise<T> {
    return use(new ArrayBuffer(bytes));
  }
}
