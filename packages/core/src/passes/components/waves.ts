import type { Range } from "../../components/part.ts";
import type { Shape } from "../../covariance/covariances.ts";
import type { Executor } from "../executor.ts";
import { componentsWork } from "../work.ts";
import { atMost } from "./at-most.ts";

/** Work of fewer flops is done in this thread, which is faster than handing it over. */
const SMALL_WORK = 2 ** 22;

/** Data about components goes to threads and back in pieces of about this size. */
const WAVE_BYTES = 4 * 2 ** 20;

/** Is it worth handing work on components to threads? */
export function paysInThreads({ threads }: Executor, shape: Shape): boolean {
  return threads > 1 && componentsWork(shape) >= SMALL_WORK;
}

/** While threads do one wave, the data of another goes to them, or back. */
const WAVES = 2;

/** Does some components after the others. in: bytes, of one */
export async function inWaves(components: number, bytes: number, some: (range: Range) => Promise<void>): Promise<void> {
  const atOnce = Math.ceil(WAVE_BYTES / bytes);
  const ranges = Array.from({ length: Math.ceil(components / atOnce) }, (_, wave): Range => {
    return { first: wave * atOnce, end: Math.min((wave + 1) * atOnce, components) };
  });
  await atMost(
    WAVES,
    ranges.map((range) => () => some(range)),
  );
}
