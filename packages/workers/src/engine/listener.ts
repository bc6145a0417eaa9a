import type { FitStep } from "@emix/core";
import type { CancelFlag } from "../cancel.ts";

/** A caller's `onStep`. What it throws stops the work, and is what the work then rejects with. */
export class Listener {
  failed = false;
  failure: unknown;
  readonly #onStep: ((step: FitStep) => void) | undefined;
  readonly #cancel: CancelFlag;

  constructor(onStep: ((step: FitStep) => void) | undefined, cancel: CancelFlag) {
    this.#onStep = onStep;
    this.#cancel = cancel;
  }

  hear(steps: readonly FitStep[]): void {
    if (this.failed) return;
    try {
      for (const step of steps) this.#onStep?.(step);
    } catch (error) {
      this.failed = true;
      this.failure = error;
      this.#cancel.set();
    }
  }
}
