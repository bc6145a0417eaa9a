import type { TaskKind } from "../protocol.ts";

/** What a worker is at, and what it has done since it began. */
export interface WorkerFacts {
  readonly name: string;
  readonly threads: number;
  /** points that it holds */
  readonly points: number;
  /** what they take */
  readonly bytes: number;
  /** what they may take */
  readonly memoryLimit: number;
  /** the job that it is at, as "sums" or "gather"; null: none */
  readonly at: string | null;
  /** jobs that it has done */
  readonly jobs: number;
  /** how many of them failed */
  readonly failed: number;
  /** how long it took for them, seconds */
  readonly seconds: number;
}

/** Counts what a worker does. */
export class Account {
  #at: TaskKind | null = null;
  #jobs = 0;
  #failed = 0;
  #seconds = 0;

  /** Does a job. out: what came of it, and how long it took */
  async note<T>(
    kind: TaskKind,
    work: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly milliseconds: number }> {
    this.#at = kind;
    const began = performance.now();
    try {
      const result = await work();
      return { result, milliseconds: performance.now() - began };
    } catch (error) {
      this.#failed++;
      throw error;
    } finally {
      this.#at = null;
      this.#jobs++;
      this.#seconds += (performance.now() - began) / 1000;
    }
  }

  get facts(): Pick<WorkerFacts, "at" | "jobs" | "failed" | "seconds"> {
    return { at: this.#at, jobs: this.#jobs, failed: this.#failed, seconds: this.#seconds };
  }
}
