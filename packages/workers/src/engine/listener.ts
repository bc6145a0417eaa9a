import type { CancelFlag } from "../cancel.ts";
import type { EmStep } from "./method-options.ts";

/** A caller's `onStep`. If it throws, the work stops and rejects with what was thrown. */
export class Listener {
  failed = false;
  failure: unknown;
  readonly #onStep: ((step: EmStep) => void) | undefined;
  readonly #cancel: CancelFlag;

  constructor(onStep: ((step: EmStep) => void) | undefined, cancel: CancelFlag) {
    this.#onStep = onStep;
    this.#cancel = cancel;
  }

  hear(steps: readonly EmStep[]): void {
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
