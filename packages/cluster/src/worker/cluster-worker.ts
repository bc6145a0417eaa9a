import { randomUUID } from "node:crypto";
import { hostname, totalmem } from "node:os";
import { toPlainError } from "@emix/core";
import { resolveEngineOptions, Team } from "@emix/workers";
import { badJob } from "../errors.ts";
import { pack, unpack } from "../parcel.ts";
import {
  type BlocksRequest,
  type EvaluateRequest,
  type FilesRequest,
  type GatherRequest,
  readTask,
  type Task,
  type WeightsRequest,
} from "../protocol.ts";
import { Broker, type Serving } from "../redis/broker.ts";
import type { Connection } from "../redis/store.ts";
import { describe, survey } from "./files.ts";
import { WorkerPasses } from "./passes.ts";
import { Root } from "./root.ts";
import { Spans } from "./spans.ts";

/** How a worker is set up. */
export interface ClusterWorkerOptions {
  readonly connection: Connection;
  /** The folder below which it reads files. */
  readonly root: string;
  /** Default: all cores. */
  readonly threads?: number;
  /** How many bytes its points may take. Default: half of the memory. */
  readonly memoryLimit?: number;
}

/** Of requests: restarts run side by side, and each has a few under way. */
const REQUESTS_KEPT = 8;

/** Holds partitions of the points of fits, and does what these ask about them, on all threads. */
export class ClusterWorker {
  readonly name: string = `${hostname().replaceAll(/[^\w.-]/g, "_")}-${process.pid}-${randomUUID().slice(0, 8)}`;
  readonly #broker: Broker;
  readonly #team: Team;
  readonly #root: Root;
  readonly #passes: WorkerPasses;
  readonly #requests = new Map<string, Promise<unknown>>();
  #serving: Serving | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(broker: Broker, root: Root, team: Team, memoryLimit: number) {
    this.#broker = broker;
    this.#root = root;
    this.#team = team;
    this.#passes = new WorkerPasses(new Spans(root, team, memoryLimit), team);
  }

  /** @throws CLUSTER_REDIS, INVALID_OPTION, THREAD_NOT_STARTED */
  static async start({ connection, root, threads, memoryLimit }: ClusterWorkerOptions): Promise<ClusterWorker> {
    const setting = resolveEngineOptions({ offThread: false, ...(threads !== undefined && { threads }) });
    const opened = await Root.open(root);
    const broker = await Broker.open(connection);
    const own = new ClusterWorker(broker, opened, new Team(setting), memoryLimit ?? memoryOfMachine() / 2);
    own.#serving = await broker.serve(own.name, (data) => own.#inTurn(data));
    return own;
  }

  /** Ends it. What it is doing is done first. */
  async close(): Promise<void> {
    await this.#serving?.close();
    await this.#broker.close();
    await this.#team.close();
  }

  /** One job at a time has all threads. */
  #inTurn(data: unknown): Promise<unknown> {
    const turn = this.#last.then(() => this.#perform(data));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Does a job. What goes wrong is an answer too; only a lost Redis makes a job fail. */
  async #perform(data: unknown): Promise<unknown> {
    let answer: Buffer | null = null;
    let task: Task;
    try {
      task = readTask(data, (text) => this.#broker.store.isKey(text));
      answer = pack(await this.#answer(task, await this.#requestOf(task.request)));
    } catch (error) {
      return { ok: false, worker: this.name, error: toPlainError(error) };
    }
    await this.#broker.store.put(task.reply, answer);
    return { ok: true, worker: this.name };
  }

  async #answer(task: Task, request: unknown): Promise<unknown> {
    switch (task.kind) {
      case "describe":
        return describe(this.#root, request as FilesRequest);
      case "survey":
        return survey(this.#root, request as FilesRequest, task.first);
      case "sums":
        return this.#passes.sums(request as BlocksRequest, task);
      case "slots":
        return this.#passes.slots(request as BlocksRequest, task);
      case "evaluate":
        return this.#passes.evaluate(request as EvaluateRequest, task);
      case "gather":
        return this.#passes.gather(request as GatherRequest, task);
      case "weights":
        return this.#passes.weights(request as WeightsRequest, task);
    }
  }

  /** A request is read once, however many of its partitions this worker has. */
  async #requestOf(key: string): Promise<unknown> {
    const known = this.#requests.get(key);
    if (known !== undefined) return known;
    const bytes = await this.#broker.store.get(key);
    if (bytes === null) throw badJob("its request is not there, or no more");
    const request = Promise.resolve(unpack(bytes));
    this.#requests.set(key, request);
    const [oldest] = this.#requests.keys();
    if (this.#requests.size > REQUESTS_KEPT) this.#requests.delete(oldest);
    return request;
  }
}

function memoryOfMachine(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
