import { CancelFlag } from "./cancel.ts";

/**
 * Work under way. Await it for the result. Iterate it for its steps: each step comes once and in order; the iteration
 * ends with the work and throws what the work throws. To leave an iteration early stops the work, which then rejects with
 * ABORTED.
 */
export class Run<Step, Result> implements Promise<Result>, AsyncIterable<Step> {
  /** As of a promise. */
  readonly [Symbol.toStringTag] = "Run";
  readonly #result: Promise<Result>;
  readonly #steps: Step[] = [];
  #waiting: (() => void)[] = [];
  #ended = false;
  readonly #left = new AbortController();

  /** in: start, begins the work, and stops it when its signal fires */
  constructor(start: (tell: (steps: readonly Step[]) => void, left: AbortSignal) => Promise<Result>) {
    this.#result = start((steps) => {
      for (const step of steps) this.#steps.push(step);
      this.#wake();
    }, this.#left.signal).finally(() => {
      this.#ended = true;
      this.#wake();
    });
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  // biome-ignore lint/suspicious/noThenProperty: a run is awaited like a promise
  then<A = Result, B = never>(
    onFulfilled?: ((value: Result) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#result.then(onFulfilled, onRejected);
  }

  /** As of a promise. */
  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<Result | B> {
    return this.#result.catch(onRejected);
  }

  /** As of a promise. */
  finally(onFinally?: (() => void) | null): Promise<Result> {
    return this.#result.finally(onFinally);
  }

  /** Each step once and in order, from the first one on, however late the iteration begins. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Step, void> {
    // The iteration itself reports a failure, so nobody else needs to handle the promise.
    this.#result.catch(() => {});
    let next = 0;
    try {
      for (; await this.#has(next); next++) yield this.#steps[next];
    } finally {
      if (next < this.#steps.length) this.#left.abort();
    }
    await this.#result;
  }

  /** Waits for a step; false: the work ended without it. */
  async #has(step: number): Promise<boolean> {
    while (step >= this.#steps.length && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    return step < this.#steps.length;
  }
}

/** A fit under way, which can also be paused, and stopped after a step. */
export class FitRun<Step, Result> extends Run<Step, Result> {
  readonly #flag: CancelFlag;

  /** @internal Fits begin runs. */
  constructor(
    start: (tell: (steps: readonly Step[]) => void, left: AbortSignal) => Promise<Result>,
    flag: CancelFlag = new CancelFlag(),
  ) {
    super(start);
    this.#flag = flag;
  }

  /** Waits after the pass under way, until `resume`. The fit keeps its memory, and gives its threads to others. */
  pause(): void {
    this.#flag.pause(true);
  }

  /** Ends the fit after the step under way: its checkpoint is written, if it has one, and it rejects with ABORTED. */
  stop(): void {
    this.#flag.leave();
  }

  /** Goes on. The result is the one it would have been. */
  resume(): void {
    this.#flag.pause(false);
  }
}
