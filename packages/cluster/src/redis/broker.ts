import { type Job, Queue, Worker } from "bullmq";
import { Inbox } from "./inbox.ts";
import { type Connection, Store } from "./store.ts";
import { orAborted, pause } from "./waiting.ts";
import { type JobOutcome, WatchedJob } from "./watched-job.ts";

/** A job as Redis holds it: plain data, without numbers. */
export type JobData = Readonly<Record<string, string | number>>;

/** Jobs that are done just now, and jobs that wait. */
export interface JobCounts {
  readonly active: number;
  readonly waiting: number;
}

/** Listens to the jobs of one worker and to those that lost theirs. */
export interface JobListener {
  /** Ends it: a job under way is done first. */
  close(): Promise<void>;
}

const DEFAULT_LOCK_MILLISECONDS = 10_000;
/** The queue whose jobs any worker may take. */
const ANY = "any";
const POLL_MILLISECONDS = 250;
/** BullMQ keeps what became of a job for those who wait for it. */
const KEPT_JOBS = { age: 60, count: 100 };

/** Jobs on a Redis. */
export class Broker {
  readonly store: Store;
  readonly #lock: number;
  readonly #queues = new Map<string, Queue>();
  readonly #inbox: Inbox;

  #seen: Promise<string[]> = Promise.resolve([]);
  #seenAt = Number.NEGATIVE_INFINITY;

  private constructor(store: Store, lockDuration = DEFAULT_LOCK_MILLISECONDS) {
    this.store = store;
    this.#lock = lockDuration;
    this.#inbox = new Inbox(store);
  }

  /** @throws CLUSTER_REDIS */
  static async open(connection: Connection): Promise<Broker> {
    return new Broker(await Store.open(connection), connection.lockDuration);
  }

  /** The names of the workers that are connected. */
  async workers(): Promise<string[]> {
    const clients = await this.#queue(ANY).getWorkers();
    const names = clients.map(({ rawname = "" }) => /:w:(.+)$/.exec(rawname)?.[1]);
    return [...new Set(names.filter((name) => name !== undefined))].sort();
  }

  /** The jobs of a worker, or of any (null). */
  async countsOf(worker: string | null): Promise<JobCounts> {
    const queue = this.#queue(worker === null ? ANY : queueOf(worker));
    const { active = 0, waiting = 0 } = await queue.getJobCounts("active", "waiting");
    return { active, waiting };
  }

  /** Counts of the jobs of a worker's queue, in the text format of Prometheus. */
  metricsOf(worker: string): Promise<string> {
    return this.#queue(queueOf(worker)).exportPrometheusMetrics();
  }

  /** As `workers`, seen a moment ago at most: whoever waits for a job asks, and the list is long. */
  #present(): Promise<string[]> {
    const now = performance.now();
    if (now - this.#seenAt > POLL_MILLISECONDS) {
      this.#seenAt = now;
      this.#seen = this.workers();
    }
    return this.#seen;
  }

  /** Removes what workers that are gone have left. */
  async sweep(): Promise<void> {
    const there = (await this.workers()).map(queueOf);
    for (const name of await this.store.queues(queueOf("*"))) {
      if (!there.includes(name)) await this.#forget(name);
    }
  }

  async #forget(name: string): Promise<void> {
    // Where somebody else has removed it at the same time, it is gone all the same.
    await this.#queue(name)
      .obliterate({ force: true })
      .catch(() => {});
  }

  /**
   * Gives a job to a worker, or to any (null), and waits for what becomes of it. A job is done again by another worker
   * where it went to any; one that went to a worker that is lost is given back to the caller.
   */
  async send(name: string, data: JobData, worker: string | null, signal: AbortSignal): Promise<JobOutcome> {
    const { id, reply } = this.#inbox.expect();
    const over = new AbortController();
    try {
      const queue = this.#queue(worker === null ? ANY : queueOf(worker));
      const options = { jobId: name, removeOnComplete: KEPT_JOBS, removeOnFail: KEPT_JOBS };
      await queue.add("task", { ...data, reply: this.#inbox.key, id }, options);
      const done = reply.then(({ answer, result }): JobOutcome => ({ done: true, answer, result }));
      const watched = new WatchedJob(this.store, queue, name, this.#lock);
      return await orAborted(Promise.race([done, this.#trouble(watched, worker, over.signal)]), signal);
    } finally {
      over.abort();
      this.#inbox.forget(id);
    }
  }

  /** Resolves once a job will have no reply: its worker is gone, or silent; or it is over and said nothing. */
  async #trouble(watched: WatchedJob, worker: string | null, over: AbortSignal): Promise<JobOutcome> {
    for (;;) {
      await pause(POLL_MILLISECONDS);
      if (over.aborted) return { done: false, reason: "over" };
      if (worker !== null && !(await this.#present()).includes(worker)) {
        await this.#forget(queueOf(worker));
        return { done: false, reason: `worker ${worker} is gone` };
      }
      const sent = await watched.look(worker !== null);
      if (sent !== null) return sent;
    }
  }

  /** Takes the jobs of a worker, and those for any. in: one job at a time must be done by `perform` itself */
  async serve(worker: string, perform: (data: unknown) => Promise<unknown>): Promise<JobListener> {
    const serving = [queueOf(worker), ANY].map((name) => {
      const setting = {
        connection: this.store.redis,
        prefix: this.store.prefix,
        name: worker,
        lockDuration: this.#lock,
        stalledInterval: this.#lock / 2,
        maxStalledCount: 3,
        removeOnComplete: KEPT_JOBS,
        removeOnFail: KEPT_JOBS,
      };
      const own = new Worker(name, ({ data }: Job) => perform(data), setting);
      // What goes wrong with a job is told to whoever sent it; a lost connection is made again.
      own.on("error", () => {});
      return own;
    });
    await Promise.all(serving.map((own) => own.waitUntilReady()));
    return {
      close: async () => {
        await Promise.all(serving.map((own) => own.close()));
        await this.#forget(queueOf(worker));
      },
    };
  }

  async close(): Promise<void> {
    await this.#inbox.close();
    await Promise.allSettled([...this.#queues.values()].map((each) => each.close()));
    this.store.redis.disconnect();
  }

  #queue(name: string): Queue {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const made = new Queue(name, { connection: this.store.redis, prefix: this.store.prefix });
    made.on("error", () => {});
    this.#queues.set(name, made);
    return made;
  }
}

function queueOf(worker: string): string {
  return `worker-${worker}`;
}
