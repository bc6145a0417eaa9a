import { stepTimeout, workerLost } from "../errors.ts";

/** How many times work is done again after workers died. */
const RETRIES = 3;
/** How many times workers may hang at the same work. */
const MOST_HANGS = 3;

/** The attempts at some work that failed because workers died or hung. */
export class Attempts {
  readonly #limit: number;
  #deaths = 0;
  #hangs = 0;

  /** in: limit, how long workers may stand still, in milliseconds */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Notes a failure. in: hung, whether the workers were ended because they hung @throws WORKER_LOST, STEP_TIMEOUT */
  noteFailure(reason: unknown, hung: boolean): void {
    if (hung) this.#hangs++;
    else this.#deaths++;
    if (this.#hangs === MOST_HANGS) throw stepTimeout(this.#hangs, this.#limit);
    if (this.#deaths > RETRIES) throw workerLost(this.#deaths, reason);
  }
}
