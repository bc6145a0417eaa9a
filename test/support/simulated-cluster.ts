import { type Random, toPlainError } from "@emix/core";
import type { Jobs } from "../../packages/cluster/src/driver/dispatcher.ts";
import { pack, unpack } from "../../packages/cluster/src/parcel.ts";
import type { Task } from "../../packages/cluster/src/protocol.ts";
import type { JobData, Sent } from "../../packages/cluster/src/redis/broker.ts";
import { readTask } from "../../packages/cluster/src/worker/read-task.ts";

/** Does what a task asks, as a worker does. */
export type Answering = (task: Task, request: unknown) => Promise<unknown>;

/** Workers without Redis, which come late, die before or after they have answered, and come again; all from a seed. */
export class SimulatedCluster implements Jobs {
  readonly store: Jobs["store"];
  readonly #bytes = new Map<string, Buffer>();
  readonly #names: readonly string[];
  readonly #answer: Answering;
  readonly #random: Random;
  readonly #losses: number;
  losses = 0;

  /** in: losses, the share of jobs whose worker dies */
  constructor(workers: number, answer: Answering, random: Random, losses: number) {
    this.#names = Array.from({ length: workers }, (_, i) => `simulated-${i}`);
    this.#answer = answer;
    this.#random = random;
    this.#losses = losses;
    const bytes = this.#bytes;
    this.store = {
      key: (...names) => ["emix", "data", ...names].join(":"),
      put: async (key, value) => void bytes.set(key, value),
      take: async (key) => {
        const value = bytes.get(key) ?? null;
        bytes.delete(key);
        return value;
      },
      keep: async () => {},
      remove: async (keys) => {
        for (const key of keys) bytes.delete(key);
      },
    };
  }

  get keys(): number {
    return this.#bytes.size;
  }

  async workers(): Promise<string[]> {
    return [...this.#names];
  }

  async send(_: string, data: JobData, worker: string | null): Promise<Sent> {
    const turns = Math.floor(this.#random.uniform() * 4);
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
    const fate = this.#random.uniform() / this.#losses;
    if (fate < 1) this.losses++;
    if (fate < 0.5) return { done: false, reason: "it died" };
    const own = worker ?? this.#names[Math.floor(this.#random.uniform() * this.#names.length)];
    const reply = await this.#perform(
      readTask(data, (text) => typeof text === "string"),
      own,
    );
    return fate < 1 ? { done: false, reason: "it died after it had answered" } : { done: true, reply };
  }

  async #perform(task: Task, worker: string): Promise<unknown> {
    try {
      const request = this.#bytes.get(task.request);
      if (request === undefined) throw new Error("its request is gone");
      this.#bytes.set(task.reply, pack(await this.#answer(task, unpack(request))));
      return { ok: true, worker, milliseconds: 1 };
    } catch (error) {
      return { ok: false, error: toPlainError(error) };
    }
  }
}
