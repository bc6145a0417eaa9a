import type { Range } from "../../components/part.ts";
import type { Shape } from "../../covariance/covariances.ts";
import type { Executor } from "../executor.ts";
import { componentsWork } from "../work.ts";

/** Work on components of fewer flops is done here, before it could be handed over. */
const SMALL_WORK = 2 ** 22;

/** What threads find of components, or are told of them, takes about so much at a time. */
const WAVE_BYTES = 4 * 2 ** 20;

/** Is it worth handing work on components to threads? */
export function paysInThreads({ threads }: Executor, shape: Shape): boolean {
  return threads > 1 && componentsWork(shape) >= SMALL_WORK;
}

/** Does some components after the others. in: bytes, of one */
export async function inWaves(components: number, bytes: number, some: (range: Range) => Promise<void>): Promise<void> {
  const atOnce = Math.ceil(WAVE_BYTES / bytes);
  for (let first = 0; first < components; first += atOnce) {
    await some({ first, end: Math.min(first + atOnce, components) });
  }
}
