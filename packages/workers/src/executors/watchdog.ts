/** Progress is looked at this often, in milliseconds, or four times within the limit. */
const LOOK_EVERY = 200;

/** What a watchdog needs to know of work on other threads. */
export interface WatchedWork {
  /** changes whenever the work comes on */
  readonly progress: () => number;
  /** how long it may stand still, in milliseconds */
  readonly limit: number;
  /** ends the threads that do the work, so that it rejects; done once they have ended */
  readonly end: () => Promise<void>;
}

/**
 * Waits for work on other threads, and ends them if it stands still for too long. Time is counted in looks, because a
 * process that was stopped has lost time, and nothing else.
 * out: whether they were ended
 */
export async function watch(work: Promise<unknown>, { progress, limit, end }: WatchedWork): Promise<boolean> {
  const interval = Math.min(LOOK_EVERY, limit / 4);
  let before = progress();
  let still = 0;
  let ended: Promise<void> | undefined;
  const look = () => {
    const now = progress();
    still = now === before ? still + interval : 0;
    before = now;
    if (still >= limit) ended ??= end();
  };
  const timer = setInterval(look, interval);
  try {
    await work;
    await ended;
    return ended !== undefined;
  } finally {
    clearInterval(timer);
  }
}
