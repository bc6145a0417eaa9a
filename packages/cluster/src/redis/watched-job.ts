import type { Answer } from "../protocol.ts";
import type { Store } from "./store.ts";

/** What became of a job. */
export type JobOutcome =
  | { readonly done: true; readonly answer: Answer; readonly result?: unknown }
  | { readonly done: false; readonly reason: string };

/** What it asks of a queue of BullMQ. */
interface JobQueue {
  getJobState(id: string): Promise<string>;
  getJob(id: string): Promise<{ readonly returnvalue: unknown; readonly failedReason?: string } | undefined>;
  getActive(first: number, last: number): Promise<readonly { readonly id?: string | undefined }[]>;
  toKey(id: string): string;
}

/** So often in the time of a lock. */
const LOOKS = 8;

/** A job whose reply is waited for, and what Redis says of it from time to time. */
export class WatchedJob {
  readonly #store: Store;
  readonly #queue: JobQueue;
  readonly #id: string;
  /** milliseconds, after which a worker that shows no sign of life counts as lost */
  readonly #lock: number;
  #looked = performance.now();
  /** when there was a sign of life */
  #alive = performance.now();
  /** looks in a row that found a job without its lock, or a job that is over without its reply */
  #missing = 0;

  constructor(store: Store, queue: JobQueue, id: string, lock: number) {
    this.#store = store;
    this.#queue = queue;
    this.#id = id;
    this.#lock = lock;
  }

  /** in: one, whether the queue is that of one worker. out: null, all is well as far as one can see */
  async look(one: boolean): Promise<JobOutcome | null> {
    const now = performance.now();
    if (now - this.#looked < this.#lock / LOOKS) return null;
    this.#looked = now;
    const state = await this.#queue.getJobState(this.#id);
    if (state === "completed" || state === "failed" || state === "unknown") return this.#over();
    return !one || (await this.#breathes(now)) ? null : { done: false, reason: "its worker is silent" };
  }

  /** What a job that is over has left. A reply may still be on its way. */
  async #over(): Promise<JobOutcome | null> {
    if (++this.#missing < 2) return null;
    const job = await this.#queue.getJob(this.#id);
    const answer = job?.returnvalue as Answer | null | undefined;
    if (answer && !answer.ok) return { done: true, answer };
    return { done: false, reason: job?.failedReason ?? "its reply is gone" };
  }

  /** Does the worker hold its job's lock, or has it only now been without a job? */
  async #breathes(now: number): Promise<boolean> {
    const [active] = await this.#queue.getActive(0, 0);
    if (active?.id === undefined) return now - this.#alive <= this.#lock;
    const locked = await this.#store.has(`${this.#queue.toKey(active.id)}:lock`);
    this.#missing = locked ? 0 : this.#missing + 1;
    if (locked) this.#alive = now;
    return this.#missing < 2;
  }
}
