import { abortedWork, engineClosed, queueFull } from "../errors.ts";
import { byTurn, type Place, type Ticket, ticketFor } from "./place.ts";

/** What a job asks for. */
export interface Demand extends Place {
  /** how many bytes of memory it holds while it runs */
  readonly bytes: number;
}

/** What a queue allows. */
export interface QueueLimits {
  /** how many fits may be under way at once */
  readonly maxConcurrent: number;
  /** how many more may wait */
  readonly maxQueue: number;
}

type Held = Demand & Ticket;

interface WaitingJob {
  readonly held: Held;
  readonly begin: () => void;
  readonly refuse: (reason: unknown) => void;
}

/** A fit that takes no longer, in milliseconds, waits for none. */
const SHORT = 50;
/** The least that a refused caller should wait, in milliseconds. */
const LEAST_RETRY = 100;

/** Fits that wait until there is a place for them, and memory: the first by its ticket begins first. */
export class JobQueue {
  readonly #limits: QueueLimits;
  /** how many bytes fits may take together now */
  readonly #free: () => number;
  readonly #waiting = new Set<WaitingJob>();
  readonly #underWay = new Set<Held>();
  readonly #short = new Set<Held>();
  /** other work under way */
  #others = 0;
  #open = true;
  #idle: (() => void)[] = [];

  constructor(limits: QueueLimits, free: () => number) {
    this.#limits = limits;
    this.#free = free;
  }

  /** Does the work of a fit once there is a place for it. @throws QUEUE_FULL, ENGINE_CLOSED, ABORTED */
  async enter<T>(demand: Demand, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#requirePlace();
    const held = { ...demand, ...ticketFor(demand) };
    if (demand.expected <= SHORT) this.#short.add(held);
    else await this.#wait(held, signal);
    try {
      return await work();
    } finally {
      this.#short.delete(held);
      this.#underWay.delete(held);
      this.#beginNext();
    }
  }

  /** Does work that waits for none. @throws ENGINE_CLOSED */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#open) throw engineClosed();
    this.#others++;
    try {
      return await work();
    } finally {
      this.#others--;
      this.#beginNext();
    }
  }

  /** Refuses what comes from now on; done once the rest is. */
  async drain(): Promise<void> {
    this.#open = false;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idle.push(resolve);
    this.#beginNext();
    await promise;
  }

  /** Refuses what comes from now on, and what waits. */
  close(): void {
    this.#open = false;
    for (const { refuse } of this.#waiting) refuse(engineClosed());
    this.#waiting.clear();
  }

  #requirePlace(): void {
    if (!this.#open) throw engineClosed();
    const { maxConcurrent, maxQueue } = this.#limits;
    const present = this.#underWay.size + this.#short.size + this.#waiting.size;
    if (present < maxConcurrent + maxQueue) return;
    const firstEnd = [...this.#underWay, ...this.#short].reduce(
      (least, { due }) => Math.min(least, due),
      Number.POSITIVE_INFINITY,
    );
    throw queueFull(present, maxQueue, Math.round(Math.max(LEAST_RETRY, firstEnd - performance.now())));
  }

  async #wait(held: Held, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const entry = { held, begin: resolve, refuse: reject };
    const leave = () => {
      this.#waiting.delete(entry);
      reject(abortedWork(signal?.reason));
      this.#beginNext();
    };
    this.#waiting.add(entry);
    signal?.addEventListener("abort", leave, { once: true });
    this.#beginNext();
    await promise.finally(() => signal?.removeEventListener("abort", leave));
  }

  #beginNext(): void {
    for (const entry of [...this.#waiting].sort((a, b) => byTurn(a.held, b.held))) {
      if (!this.#fits(entry.held.bytes)) break;
      this.#waiting.delete(entry);
      this.#underWay.add(entry.held);
      entry.begin();
    }
    const present = this.#underWay.size + this.#short.size + this.#others + this.#waiting.size;
    if (present === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #fits(bytes: number): boolean {
    if (this.#underWay.size === 0) return true;
    const taken = [...this.#underWay].reduce((sum, other) => sum + other.bytes, 0);
    return this.#underWay.size < this.#limits.maxConcurrent && taken + bytes <= this.#free();
  }
}
