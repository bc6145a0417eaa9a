import { allocationFailed } from "./errors.ts";
import { collectGarbage } from "./garbage.ts";

/** V8 is told of no more of one buffer. */
const MOST_BALLAST = 2 ** 28;

interface Held {
  readonly buffer: WeakRef<SharedArrayBuffer>;
  readonly bytes: number;
}

/** Shared memory for all points of an engine together, up to a limit. What nobody holds any more does not count. */
export class PointsMemory {
  readonly #limit: number;
  readonly #held = new Set<Held>();
  readonly #forgotten = new FinalizationRegistry<Held>((held) => this.#held.delete(held));
  /**
   * V8 does not count shared memory, so it would see no reason to collect points that were dropped. Each buffer therefore
   * keeps private memory of its size alive, which V8 counts; nothing touches it, so it takes addresses and no memory.
   */
  readonly #ballast = new WeakMap<SharedArrayBuffer, ArrayBuffer>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Refuses what there is no room for. @throws ALLOCATION_FAILED */
  admit(bytes: number): void {
    if (this.#used() + bytes > this.#limit) this.#forget();
    const used = this.#used() + bytes;
    if (used > this.#limit) throw allocationFailed(used, `the engine's memoryLimit is ${this.#limit}`);
  }

  /** @throws ALLOCATION_FAILED */
  allocate(bytes: number): SharedArrayBuffer {
    this.admit(bytes);
    const used = this.#used() + bytes;
    try {
      const buffer = new SharedArrayBuffer(bytes);
      this.#ballast.set(buffer, new ArrayBuffer(Math.min(bytes, MOST_BALLAST)));
      const held = { buffer: new WeakRef(buffer), bytes };
      this.#held.add(held);
      this.#forgotten.register(buffer, held);
      return buffer;
    } catch (error) {
      throw allocationFailed(used, error instanceof Error ? error.message : String(error));
    }
  }

  /** how many bytes it may still give */
  get free(): number {
    return this.#limit - this.#used();
  }

  #used(): number {
    let used = 0;
    for (const { bytes } of this.#held) used += bytes;
    return used;
  }

  /** Lets go of what nobody holds, without waiting for V8 to do so of its own accord. */
  #forget(): void {
    collectGarbage();
    for (const held of this.#held) if (held.buffer.deref() === undefined) this.#held.delete(held);
  }
}
