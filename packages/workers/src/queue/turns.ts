import { byTurn, type Ticket } from "./place.ts";

/** A pass of a job that runs or waits for its turn. */
interface Entry {
  readonly ticket: Ticket;
  /** asks it to end early */
  readonly halt: () => void;
  readonly admit: () => void;
}

/**
 * Gives threads to one job at a time, the first by its ticket. Jobs take turns between passes; a job that should go first
 * also asks passes of others to stop at their next block. Passes of one job run side by side. What turns change is when
 * passes run, never what they compute.
 */
export class Turns {
  readonly #waiting = new Set<Entry>();
  readonly #running = new Set<Entry>();
  /** jobs that have just ended a pass: the thread may be about to ask for their next one */
  readonly #lingering = new Map<Ticket, NodeJS.Immediate>();

  /** Does a job have them? */
  get isTaken(): boolean {
    return this.#running.size > 0;
  }

  /** Waits for the job's turn, and takes it for as long as `use` takes. in: halt, asks `use` to end early */
  async take<T>(ticket: Ticket, use: () => T | Promise<T>, halt: () => void = () => {}): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const entry = { ticket, halt, admit: resolve };
    if (this.#isFree(ticket)) this.#running.add(entry);
    else {
      this.#waiting.add(entry);
      this.#admit();
      if (this.#waiting.has(entry)) await promise;
    }
    try {
      return await use();
    } finally {
      this.#running.delete(entry);
      this.#linger(ticket);
      this.#admit();
    }
  }

  /** Does no other job run, wait or linger? */
  #isFree(ticket: Ticket): boolean {
    if (this.#waiting.size > 0 || this.#lingering.size > 1) return false;
    for (const entry of this.#running) if (entry.ticket !== ticket) return false;
    return this.#lingering.size === 0 || this.#lingering.has(ticket);
  }

  /** Keeps the turn until this thread has done what follows from the pass. */
  #linger(ticket: Ticket): void {
    if (this.#lingering.has(ticket)) return; // it comes no sooner: this thread is still at it
    const leave = () => {
      this.#lingering.delete(ticket);
      this.#admit();
    };
    this.#lingering.set(ticket, setImmediate(leave));
  }

  /** Lets the first job in, once the passes of others have stopped. */
  #admit(): void {
    if (this.#waiting.size === 0) return;
    const first = this.#first();
    const others = [...this.#running].filter(({ ticket }) => ticket !== first);
    for (const { halt } of others) halt();
    if (others.length > 0) return;
    for (const entry of this.#waiting) {
      if (entry.ticket !== first) continue;
      this.#waiting.delete(entry);
      this.#running.add(entry);
      entry.admit();
    }
  }

  #first(): Ticket {
    const tickets = [...this.#waiting, ...this.#running].map(({ ticket }) => ticket);
    return [...tickets, ...this.#lingering.keys()].reduce((a, b) => (byTurn(a, b) <= 0 ? a : b));
  }
}
