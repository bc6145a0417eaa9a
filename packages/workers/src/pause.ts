import { setImmediate } from "node:timers/promises";

/** How long the calling thread may work before it lets events through. This changes when things happen, never what. */
const STRETCH_MILLISECONDS = 4;

let lastPause = performance.now();

/** Lets this thread serve timers, signals and messages if they have waited long enough. */
export async function yieldToEvents(): Promise<void> {
  if (performance.now() - lastPause < STRETCH_MILLISECONDS) return;
  await setImmediate();
  lastPause = performance.now();
}
