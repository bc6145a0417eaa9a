import { invalidOption, onlyKnown, requireBoolean } from "@emix/core";

/** How an engine is closed. */
export interface CloseOptions {
  /** true: work under way, and work that waits, is done first; new work is refused. Default false. */
  readonly drain?: boolean;
  /** With `drain`: work that is not done after this many milliseconds rejects with ENGINE_CLOSED. Default: none does. */
  readonly timeout?: number;
}

/** No timer of Node is longer. */
const LONGEST = 2 ** 31 - 1;

/** Drains, if that is asked for, but no longer than asked for. @throws UNKNOWN_OPTION, INVALID_OPTION */
export async function drainInTime(options: CloseOptions, drain: () => Promise<void>): Promise<void> {
  const { drain: asked = false, timeout = LONGEST } = onlyKnown(options, ["drain", "timeout"]);
  requireBoolean("drain", asked);
  if (!(typeof timeout === "number" && timeout >= 0))
    throw invalidOption("timeout", "a number of milliseconds", timeout);
  if (!asked) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.min(timeout, LONGEST));
  await Promise.race([drain(), promise]);
  clearTimeout(timer);
}
