import { type Random, toPlainError } from "@emix/core";
import type { Jobs } from "../../packages/cluster/src/driver/dispatcher.ts";
import { pack, unpack } from "../../packages/cluster/src/parcel.ts";
import type { Answer, Reply, Task } from "../../packages/cluster/src/protocol.ts";
import type { JobData } from "../../packages/cluster/src/redis/broker.ts";
import type { JobOutcome } from "../../packages/cluster/src/redis/watched-job.ts";
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

  async send(_: string, data: JobData, worker: string | null): Promise<JobOutcome> {
    const turns = Math.floor(this.#random.uniform() * 4);
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
    const fate = this.#random.uniform() / this.#losses;
    if (fate < 1) this.losses++;
    if (fate < 0.5) return { done: false, reason: "it died" };
    const own = worker ?? this.#names[Math.floor(this.#random.uniform() * this.#names.length)];
    const task = readTask({ ...data, reply: "replies", id: 0 }, (text) => typeof text === "string");
    const { answer, result } = await this.#perform(task, own);
    return fate < 1 ? { done: false, reason: "it died after it had answered" } : { done: true, answer, result };
  }

  async #perform(task: Task, worker: string): Promise<Omit<Reply, "id">> {
    try {
      const request = this.#bytes.get(task.request);
      if (request === undefined) throw new Error("its request is gone");
      const answer: Answer = { ok: true, worker, milliseconds: 1 };
      return unpack(pack({ answer, result: await this.#answer(task, unpack(request)) })) as Reply;
    } catch (error) {
      return { answer: { ok: false, error: toPlainError(error) } };
    }
  }
}
