import { randomUUID } from "node:crypto";
import { fromPlainError } from "@emix/core";
import { noWorkers, partitionLost } from "../errors.ts";
import { pack } from "../parcel.ts";
import { PROTOCOL, type TaskKind } from "../protocol.ts";
import type { Broker, JobData } from "../redis/broker.ts";
import type { Store } from "../redis/store.ts";
import { pause } from "../redis/waiting.ts";
import type { JobOutcome } from "../redis/watched-job.ts";
import type { PartitionRange } from "./partitions.ts";

/** How often a range is given to workers before the fit fails. */
const ATTEMPTS = 6;
const PAUSE_MILLISECONDS = 200;

/** What it needs of a broker. */
export interface Jobs extends Pick<Broker, "send" | "workers"> {
  readonly store: Pick<Store, "key" | "put" | "keep" | "remove">;
}

/** What one worker did of a pass. */
export interface RangeDone extends PartitionRange {
  readonly worker: string;
  /** how long it computed */
  readonly milliseconds: number;
}

/** Hears of what was asked of workers. in: milliseconds, from the question to the last reply */
export type Heard = (kind: TaskKind, done: readonly RangeDone[], milliseconds: number) => void;

/** Gives ranges of a fit to workers, each to the one that has its points, and to another one if that is lost. */
export class Dispatcher {
  readonly #broker: Jobs;
  readonly #signal: AbortSignal;
  readonly #patience: number;
  readonly #heard: Heard;
  /** the worker that has each partition; null if that worker was lost */
  readonly #owners: (string | null)[];

  /** in: patience, for how many seconds there may be no worker; owners, those of the partitions */
  constructor(
    broker: Jobs,
    owners: readonly string[],
    patience: number,
    stop: { readonly signal: AbortSignal; readonly heard?: Heard },
  ) {
    this.#broker = broker;
    this.#owners = [...owners];
    this.#patience = patience;
    this.#signal = stop.signal;
    this.#heard = stop.heard ?? (() => {});
  }

  get partitions(): number {
    return this.#owners.length;
  }

  /** Does something on some ranges. out: what came of each, in order */
  async ask(kind: TaskKind, request: unknown, ranges: readonly PartitionRange[]): Promise<unknown[]> {
    const id = randomUUID();
    const key = this.#broker.store.key(id);
    const began = performance.now();
    await this.#broker.store.put(key, pack(request));
    try {
      const done = await Promise.all(ranges.map((range) => this.#done(range, { id, kind, request: key })));
      this.#heard(kind, done, performance.now() - began);
      return done.map(({ reply }) => reply);
    } finally {
      await this.#broker.store.remove([key]);
    }
  }

  async #done(
    { partition, first, end }: PartitionRange,
    { id, ...task }: { readonly id: string; readonly kind: TaskKind; readonly request: string },
  ): Promise<RangeDone & { readonly reply: unknown }> {
    let reason = "";
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const owner = this.#owners[partition];
      const data = { protocol: PROTOCOL, ...task, first, end };
      const job = `${id}-${first}-${end}-${attempt}`;
      const sent = owner === null ? await this.#toAny(job, data) : await this.#send(job, data, owner);
      if (sent.done) {
        const { answer, result } = sent;
        if (!answer.ok) throw fromPlainError(answer.error);
        const { worker, milliseconds } = answer;
        this.#owners[partition] = worker;
        return { partition, first, end, worker, milliseconds, reply: result };
      }
      reason = sent.reason;
      if (this.#owners[partition] === owner) this.#owners[partition] = null;
      await this.#broker.store.keep(task.request);
    }
    throw partitionLost(ATTEMPTS, reason);
  }

  #send(job: string, data: JobData, owner: string | null): Promise<JobOutcome> {
    return this.#broker.send(job, data, owner, this.#signal);
  }

  /** Gives a job to whoever is there. @throws CLUSTER_EMPTY where nobody is for too long */
  async #toAny(job: string, data: JobData): Promise<JobOutcome> {
    const over = new AbortController();
    try {
      return await Promise.race([this.#send(job, data, null), this.#rejectWhenDeserted(over.signal)]);
    } finally {
      over.abort();
    }
  }

  async #rejectWhenDeserted(over: AbortSignal): Promise<never> {
    for (;;) {
      await someWorkers(this.#broker, this.#patience, this.#signal);
      await pause(PAUSE_MILLISECONDS);
      if (over.aborted) return new Promise(() => {});
    }
  }
}

/** Waits until there are workers. @throws CLUSTER_EMPTY */
export async function someWorkers(broker: Jobs, patience: number, signal: AbortSignal): Promise<string[]> {
  const end = performance.now() + 1000 * patience;
  for (;;) {
    signal.throwIfAborted();
    const found = await broker.workers();
    if (found.length > 0) return found;
    if (performance.now() > end) throw noWorkers(patience);
    await pause(PAUSE_MILLISECONDS);
  }
}
