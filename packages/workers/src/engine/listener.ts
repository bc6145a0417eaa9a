import type { CancelFlag } from "../cancel.ts";
import type { EmStep } from "./methods/options.ts";

/** A caller's `onStep`. If it answers "stop", the work ends with what it has; if it throws or rejects, the work stops and rejects with that. */
export class Listener {
  failed = false;
  failure: unknown;
  readonly #onStep: ((step: EmStep) => unknown) | undefined;
  readonly #cancel: CancelFlag;
  #promises: Promise<void>[] = [];

  constructor(onStep: ((step: EmStep) => unknown) | undefined, cancel: CancelFlag) {
    this.#onStep = onStep;
    this.#cancel = cancel;
  }

  hear(steps: readonly EmStep[]): void {
    if (this.failed || this.#onStep === undefined) return;
    try {
      for (const step of steps) this.#watch(this.#onStep(step));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Waits for promises that `onStep` gave. */
  async settle(): Promise<void> {
    await Promise.all(this.#promises);
  }

  #watch(answer: unknown): void {
    if (answer === "stop") this.#cancel.finish();
    if (!isThenable(answer)) return;
    const watched = Promise.resolve(answer).then(
      (later) => this.#watch(later),
      (error: unknown) => this.#fail(error),
    );
    this.#promises.push(watched);
    watched.finally(() => this.#promises.splice(this.#promises.indexOf(watched), 1));
  }

  #fail(error: unknown): void {
    if (this.failed) return;
    this.failed = true;
    this.failure = error;
    this.#cancel.set();
  }
}

/** Promises of other libraries and of other contexts are none of ours. */
function isThenable(answer: unknown): answer is PromiseLike<unknown> {
  return typeof (answer as PromiseLike<unknown> | null | undefined)?.then === "function";
}
