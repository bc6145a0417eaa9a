/**
 * Work under way. Await it for the result. Iterate it for its steps: each step comes once and in order; the iteration
 * ends with the work and throws what the work throws.
 */
export class Run<Step, Result> implements Promise<Result>, AsyncIterable<Step> {
  /** As of a promise. */
  readonly [Symbol.toStringTag] = "Run";
  readonly #result: Promise<Result>;
  readonly #steps: Step[] = [];
  #waiting: (() => void)[] = [];
  #ended = false;

  constructor(start: (tell: (steps: readonly Step[]) => void) => Promise<Result>) {
    this.#result = start((steps) => {
      for (const step of steps) this.#steps.push(step);
      this.#wake();
    }).finally(() => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** A run of work that failed before it began. */
  static failed<Step, Result>(error: unknown): Run<Step, Result> {
    return new Run(() => Promise.reject(error));
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
    for (let next = 0; ; next++) {
      while (next >= this.#steps.length && !this.#ended) {
        await new Promise<void>((resolve) => {
          this.#waiting.push(resolve);
        });
      }
      if (next >= this.#steps.length) break;
      yield this.#steps[next];
    }
    await this.#result;
  }
}
