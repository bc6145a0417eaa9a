import { setImmediate, setTimeout } from "node:timers/promises";
import type { CancelFlag } from "./cancel.ts";

/** How long the calling thread may work before it lets events through. This changes when things happen, never what. */
const STRETCH_MILLISECONDS = 4;

let lastPause = performance.now();

/** Lets this thread serve timers, signals and messages if they have waited long enough. */
export async function yieldToEvents(): Promise<void> {
  if (performance.now() - lastPause < STRETCH_MILLISECONDS) return;
  await setImmediate();
  lastPause = performance.now();
}

/** How often a job that is paused looks whether it may go on, in milliseconds. */
const LOOK_EVERY = 10;

/** Waits while a job is paused. */
export async function whilePaused(flag: CancelFlag): Promise<void> {
  while (flag.isPaused && !flag.isSet && !flag.shouldLeave) await setTimeout(LOOK_EVERY);
}
