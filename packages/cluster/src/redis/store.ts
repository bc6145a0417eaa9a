import { Redis } from "ioredis";
import { requireFit, unreachable } from "./fitness.ts";
import { within } from "./waiting.ts";

/** How a cluster is reached. */
export interface Connection {
  /** redis://… or rediss://… for TLS, with user and password */
  readonly url: string;
  /** What the names of all keys begin with: one for each tenant of a Redis. Default "emix". */
  readonly prefix?: string;
  /**
   * After how many milliseconds without a sign of life a worker that holds a job counts as lost. Default 10,000; the same
   * for a fit and for its workers.
   */
  readonly lockDuration?: number;
}

const DEFAULT_PREFIX = "emix";
/** Keys that nobody takes expire after this many seconds. */
const KEPT_SECONDS = 600;
/** Notes are written every second. */
const NOTED_SECONDS = 5;
const AWAITED_SECONDS = 5;
const TAKEN_AT_ONCE = 8;
const CONNECT_MILLISECONDS = 10_000;
const MOST_LETTERS = 512;

/** Listens to a list. */
export interface ListListener {
  /** What has come; nothing, if none came for some seconds. */
  next(): Promise<Buffer[]>;
  close(): void;
}

/** Bytes on a Redis, by keys, for some minutes. */
export class Store {
  readonly redis: Redis;
  readonly prefix: string;

  private constructor(redis: Redis, prefix: string) {
    this.redis = redis;
    this.prefix = prefix;
  }

  /** @throws CLUSTER_REDIS */
  static async open({ url, prefix = DEFAULT_PREFIX }: Connection): Promise<Store> {
    const redis = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true, enableAutoPipelining: true });
    let last: unknown;
    // Without a listener, every failed attempt would be printed.
    redis.on("error", (error) => {
      last = error;
    });
    try {
      await within(CONNECT_MILLISECONDS, redis.connect());
      requireFit(await redis.info());
    } catch (error) {
      redis.disconnect();
      if (error instanceof Error && "code" in error && error.code === "CLUSTER_REDIS") throw error;
      throw unreachable(url, last ?? error);
    }
    return new Store(redis, prefix);
  }

  key(...names: readonly (string | number)[]): string {
    return [this.prefix, "data", ...names].join(":");
  }

  isKey(text: unknown): text is string {
    return typeof text === "string" && text.startsWith(`${this.prefix}:data:`) && text.length < MOST_LETTERS;
  }

  async put(key: string, bytes: Buffer): Promise<void> {
    await this.redis.set(key, bytes, "EX", KEPT_SECONDS);
  }

  /** null: it is not there, or no more */
  get(key: string): Promise<Buffer | null> {
    return this.redis.getBuffer(key);
  }

  /** Adds bytes to the end of a list. */
  async push(key: string, bytes: Buffer): Promise<void> {
    const done = await this.redis.multi().rpush(key, bytes).expire(key, KEPT_SECONDS).exec();
    const [error] = done?.find(([error]) => error !== null) ?? [null];
    if (error !== null) throw error;
  }

  /** Takes from a list as things come, by a connection of its own, for it blocks. */
  listen(key: string): ListListener {
    const redis = this.redis.duplicate();
    redis.on("error", () => {});
    return {
      next: async () => {
        const more = await redis.lpopBuffer(key, TAKEN_AT_ONCE);
        if (more !== null) return more;
        const found = await redis.blpopBuffer(key, AWAITED_SECONDS);
        return found === null ? [] : [found[1]];
      },
      close: () => redis.disconnect(),
    };
  }

  async has(key: string): Promise<boolean> {
    return (await this.redis.exists(key)) === 1;
  }

  /** Keeps a key for longer. */
  async keep(key: string): Promise<void> {
    await this.redis.expire(key, KEPT_SECONDS);
  }

  /** Keeps what a worker says, for some seconds. */
  async note(worker: string, text: string): Promise<void> {
    await this.redis.set(this.#noteOf(worker), text, "EX", NOTED_SECONDS);
  }

  /** null: it has not reported recently */
  readNote(worker: string): Promise<string | null> {
    return this.redis.get(this.#noteOf(worker));
  }

  async forget(worker: string): Promise<void> {
    await this.redis.unlink(this.#noteOf(worker));
  }

  #noteOf(worker: string): string {
    return [this.prefix, "note", worker].join(":");
  }

  /** The names of queues that match a pattern. */
  async queues(pattern: string): Promise<string[]> {
    const [before, after] = [`${this.prefix}:`, ":meta"];
    const found = new Set<string>();
    for await (const keys of this.redis.scanStream({ match: `${before}${pattern}${after}`, count: 1000 })) {
      for (const key of keys as string[]) found.add(key.slice(before.length, -after.length));
    }
    return [...found];
  }

  async remove(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.redis.unlink([...keys]);
  }
}
