import { getHeapStatistics } from "node:v8";
import { runInNewContext } from "node:vm";
import { withFlags } from "./flags.ts";

let collect: (() => void) | undefined;
/** how often the garbage of this thread was collected here */
let collections = 0;

/** Collects the garbage of this thread at once. Takes a millisecond in a thread with a small heap. */
export function collectGarbage(): void {
  collections++;
  collect ??= openCollector();
  collect?.();
}

/** A heap of so many bytes is collected in some milliseconds. */
const SMALL_HEAP = 2 ** 25;

/** Does collecting the garbage of this thread take no more than some milliseconds? */
export function collectsQuickly(): boolean {
  return getHeapStatistics().used_heap_size < SMALL_HEAP;
}

/** V8's own function. out: undefined if V8 did not give it: the garbage is then collected later */
function openCollector(): (() => void) | undefined {
  return withFlags(["expose-gc"], () => runInNewContext("globalThis.gc") as (() => void) | undefined);
}

/** Threads that allocate little rarely collect garbage; after so many bytes of other points, one does. */
const MOST_BYTES = 2 ** 26;

/**
 * Counts points that a thread has worked on. A thread keeps shared memory that it was sent alive until it collects
 * garbage, whoever else has let go of it, so it collects once it has seen enough other points.
 */
export class SeenPoints {
  #latest = -1;
  /** since garbage was last collected */
  #bytes = 0;
  #collections = 0;

  /** in: id, of the points that work is about to be done for, higher for later ones; their bytes */
  note(id: number, bytes: number): void {
    if (id <= this.#latest) return;
    this.#latest = id;
    if (this.#collections !== collections) this.#bytes = 0;
    const areFirst = this.#bytes === 0;
    this.#bytes += bytes;
    if (!areFirst && this.#bytes >= MOST_BYTES) {
      collectGarbage();
      this.#bytes = bytes;
    }
    this.#collections = collections;
  }
}
