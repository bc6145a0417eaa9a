import { abortedReading } from "../errors.ts";

/** How far the reading of a file has come. */
export interface ReadStep {
  /** the part of the work that is done, from 0 to 1; it never falls */
  readonly fraction: number;
}

/** Who watches the reading of a file. */
export interface ReadWatcher {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((step: ReadStep) => void) | undefined;
}

/** The watcher is told at most so often. */
const MILLISECONDS = 50;

/** Ends reading when its signal says so, and tells how far it has come. A file may be read in several passes. */
export class Meter {
  readonly #path: string;
  readonly #watching: ReadWatcher;
  #last = Number.NEGATIVE_INFINITY;
  /** what was told last */
  #told = 0;
  /** the current pass: the fractions at which it begins and ends, and how much of it is done, from 0 to 1 */
  #pass = { from: 0, end: 0, done: (): number => 0 };

  constructor(path: string, watching: ReadWatcher) {
    this.#path = path;
    this.#watching = watching;
  }

  /** A pass begins. in: end, the fraction of all work that is done with it; done, how much of it is, from 0 to 1 */
  begin(end: number, done: () => number): void {
    this.#pass = { from: this.#told, end, done };
  }

  /** To be called often. @throws ABORTED, and what the watcher throws */
  readonly check = (): void => {
    if (this.#watching.signal?.aborted) throw abortedReading(this.#path);
    const now = performance.now();
    if (now - this.#last < MILLISECONDS) return;
    this.#last = now;
    const { from, end, done } = this.#pass;
    this.#tell(from + (end - from) * done());
  };

  /** All is read. */
  end(): void {
    this.#tell(1);
  }

  #tell(fraction: number): void {
    if (fraction <= this.#told) return;
    this.#told = fraction;
    this.#watching.onProgress?.({ fraction });
  }
}
