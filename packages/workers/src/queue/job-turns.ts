import { type Ticket, ticketFor } from "./place.ts";
import { Turns } from "./turns.ts";

/** A job that is done within this many milliseconds is short. */
const SHORT = 50;

/** Who may use what an engine computes with: its worker threads, and the thread that coordinates them. */
export class EngineTurns {
  readonly threads: Turns = new Turns();
  readonly own: Turns = new Turns();
}

/** The turns of one job. */
export class JobTurns {
  readonly #turns: EngineTurns;
  readonly #ticket: Ticket;

  constructor(turns: EngineTurns, ticket: Ticket) {
    this.#turns = turns;
    this.#ticket = ticket;
  }

  /** Is the job short, while another one has the worker threads? */
  get mustHurry(): boolean {
    return this.#ticket.expected <= SHORT && this.#turns.threads.isTaken;
  }

  /** Takes the worker threads. in: halt, asks `use` to end early */
  threads<T>(use: () => Promise<T>, halt?: () => void): Promise<T> {
    return this.#turns.threads.take(this.#ticket, use, halt);
  }

  /** Takes the thread that coordinates them. */
  own<T>(use: () => T | Promise<T>): Promise<T> {
    return this.#turns.own.take(this.#ticket, use);
  }
}

/** The turns of a job that has an engine to itself. */
export function loneTurns(): JobTurns {
  return new JobTurns(new EngineTurns(), ticketFor({ priority: 0, expected: Number.POSITIVE_INFINITY }));
}
