import { allocationFailed } from "./errors.ts";
import { collectGarbage, collectsQuickly } from "./v8/garbage.ts";

/** V8 is told of no more of one buffer. */
const MOST_BALLAST = 2 ** 28;

/** Memory that was given back is kept up to this many bytes, to be lent again. */
const KEPT_BYTES = 2 ** 26;

/** Bytes of points after which dropped ones are looked for. */
const OFTEN = 2 ** 26;

/** Memory is scarce once points take more than this share of the limit. */
const SCARCE = 1 / 8;

/** Shared memory for all points of an engine together, up to a limit. What nobody holds any more does not count. */
export class PointsMemory {
  readonly #limit: number;
  /** bytes since garbage was last collected for them */
  #allocated = 0;
  readonly #held = new Map<WeakRef<SharedArrayBuffer>, number>();
  readonly #forgotten = new FinalizationRegistry<WeakRef<SharedArrayBuffer>>((ref) => this.#held.delete(ref));
  /** memory that was given back, the oldest first */
  readonly #spare: SharedArrayBuffer[] = [];
  /**
   * V8 does not count shared memory, so it would see no reason to collect points that were dropped. Each buffer therefore
   * keeps private memory of its size alive, which V8 counts; nothing touches it, so it takes addresses and no memory.
   */
  readonly #ballast = new WeakMap<SharedArrayBuffer, ArrayBuffer>();

  readonly #onCollect: () => void;

  /** in: onCollect, called where other threads should let go of what was dropped, too */
  constructor(limit: number, onCollect: () => void = () => {}) {
    this.#limit = limit;
    this.#onCollect = onCollect;
  }

  /** Refuses what there is no room for. @throws ALLOCATION_FAILED */
  admit(bytes: number): void {
    if (this.#usedBytes() + bytes > this.#limit) this.#forget();
    const used = this.#usedBytes() + bytes;
    if (used > this.#limit) throw allocationFailed(used, `the engine's memoryLimit is ${this.#limit}`);
  }

  /** What was given back holds what it held: clearing it would block the event loop. @throws ALLOCATION_FAILED */
  allocate(bytes: number): SharedArrayBuffer {
    const spare = this.#spare.findIndex(({ byteLength }) => byteLength === bytes);
    if (spare >= 0) return this.#spare.splice(spare, 1)[0];
    this.#collect(bytes);
    this.admit(bytes);
    const used = this.#usedBytes() + bytes;
    try {
      const buffer = new SharedArrayBuffer(bytes);
      this.#ballast.set(buffer, new ArrayBuffer(Math.min(bytes, MOST_BALLAST)));
      const ref = new WeakRef(buffer);
      this.#held.set(ref, bytes);
      this.#forgotten.register(buffer, ref);
      return buffer;
    } catch (error) {
      throw allocationFailed(used, error instanceof Error ? error.message : String(error));
    }
  }

  /** Takes memory back, to be lent again: nobody may use it any more. */
  giveBack(buffer: SharedArrayBuffer): void {
    if (buffer.byteLength > KEPT_BYTES) return;
    this.#spare.push(buffer);
    while (bytesOf(this.#spare) > KEPT_BYTES) this.#spare.shift();
  }

  /** how many bytes it may still give */
  get free(): number {
    return this.#limit - this.#usedBytes() + bytesOf(this.#spare);
  }

  #usedBytes(): number {
    let used = 0;
    for (const bytes of this.#held.values()) used += bytes;
    return used;
  }

  /** Lets go of points that were dropped before there is memory for as many again. */
  #collect(bytes: number): void {
    const used = this.#usedBytes();
    if (this.#allocated + bytes >= OFTEN && used >= OFTEN && collectsQuickly()) {
      this.#allocated = 0;
      collectGarbage();
      this.#onCollect();
    }
    // Large points alone are no reason to look again when a little more is allocated for them, unless memory is scarce.
    const isScarce = used + bytes > this.#limit * SCARCE;
    this.#allocated += isScarce ? bytes : Math.min(bytes, OFTEN / 2);
  }

  /** Lets go of what nobody holds, without waiting for V8 to do so of its own accord. */
  #forget(): void {
    this.#spare.length = 0;
    collectGarbage();
    for (const ref of this.#held.keys()) if (ref.deref() === undefined) this.#held.delete(ref);
  }
}

function bytesOf(buffers: readonly SharedArrayBuffer[]): number {
  return buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
