import { randomUUID } from "node:crypto";
import { unpack } from "../parcel.ts";
import type { Reply } from "../protocol.ts";
import type { ListListener, Store } from "./store.ts";
import { pause } from "./waiting.ts";

/** A Redis that refuses is asked again. */
const AGAIN_MILLISECONDS = 250;

/** A reply that is waited for, and the number that it will have. */
export interface ExpectedReply {
  readonly id: number;
  readonly reply: Promise<Reply>;
}

/** Where the replies to one process arrive: a list on Redis, from which whoever waits takes them as they come. */
export class Inbox {
  readonly key: string;
  readonly #store: Store;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #listening: ListListener | undefined;
  #reading = false;
  #closed = false;
  #next = 0;

  constructor(store: Store) {
    this.#store = store;
    this.key = store.key("replies", randomUUID());
  }

  /** Waits for a reply, until `forget`. */
  expect(): ExpectedReply {
    const id = this.#next++;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.#waiting.set(id, resolve);
    if (!this.#reading) this.#read();
    return { id, reply: promise };
  }

  forget(id: number): void {
    this.#waiting.delete(id);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listening?.close();
    await this.#store.remove([this.key]);
  }

  async #read(): Promise<void> {
    this.#reading = true;
    this.#listening ??= this.#store.listen(this.key);
    while (this.#waiting.size > 0 && !this.#closed) {
      const replies = await this.#listening.next().catch(() => pause(AGAIN_MILLISECONDS));
      for (const bytes of replies ?? []) this.#deliver(bytes);
    }
    this.#reading = false;
  }

  #deliver(bytes: Buffer): void {
    try {
      const reply = unpack(bytes) as Reply;
      // One that nobody waits for came after its worker was given up.
      this.#waiting.get(reply.id)?.(reply);
    } catch {
      // Who waits for it will ask what became of the job.
    }
  }
}
