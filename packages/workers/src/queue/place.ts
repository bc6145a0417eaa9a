/** The place of a job among others, as plain data. */
export interface Place {
  /** work with a greater one goes first */
  readonly priority: number;
  /** how long the job will take by itself: an estimate, in milliseconds */
  readonly expected: number;
}

/** A place with the time by which a job should be done, in milliseconds of this thread's clock. */
export interface Ticket extends Place {
  readonly due: number;
}

/**
 * A ticket for a job that comes now. Its due time never changes, so a short job passes a long one only if it comes before
 * that one should be done: nothing waits forever.
 */
export function ticketFor(place: Place, now: number = performance.now()): Ticket {
  return { ...place, due: now + place.expected };
}

/** Which of two goes first? The one of higher priority; of equal ones, the one that is due first. below 0: a */
export function byTurn(a: Ticket, b: Ticket): number {
  return b.priority - a.priority || a.due - b.due;
}
