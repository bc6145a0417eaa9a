import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { hostname, totalmem } from "node:os";
import { toPlainError } from "@emix/core";
import { resolveEngineOptions, Team } from "@emix/workers";
import { badJob } from "../errors.ts";
import { pack, unpack } from "../parcel.ts";
import type { Answer, Reply } from "../protocol.ts";
import { Broker, type JobListener } from "../redis/broker.ts";
import type { Connection } from "../redis/store.ts";
import { Account, type WorkerFacts } from "./account.ts";
import { answerTo } from "./answer.ts";
import { metricsText, serveMetrics } from "./metrics.ts";
import { OutputFolder } from "./output-folder.ts";
import { WorkerPasses } from "./passes.ts";
import { Spans } from "./points/spans.ts";
import { readAddress, readTask } from "./read-task.ts";
import { Root } from "./root.ts";

/** How a worker is set up. */
export interface ClusterWorkerOptions {
  readonly connection: Connection;
  /** The folder below which it reads files. */
  readonly root: string;
  /** The folder below which it writes the files of `predict`, apart from `root`. Default: it writes none. */
  readonly output?: string;
  /** Default: all cores. */
  readonly threads?: number;
  /** How many bytes of memory its points may take; more are read from a file. Default: half of the memory. */
  readonly memoryLimit?: number;
  /** Where it answers Prometheus, at /metrics. Default: nowhere. */
  readonly metrics?: { readonly port: number; readonly host?: string };
}

const ANNOUNCED_MILLISECONDS = 1000;
const LOOPBACK = "127.0.0.1";

/** Of requests: restarts run side by side, and each has a few under way. */
const REQUESTS_KEPT = 8;

/** Holds partitions of the points of fits, and does what these ask about them, on all threads. */
export class ClusterWorker {
  readonly name: string = `${hostname().replaceAll(/[^\w.-]/g, "_")}-${process.pid}-${randomUUID().slice(0, 8)}`;
  readonly #broker: Broker;
  readonly #team: Team;
  readonly #places: Parameters<typeof answerTo>[2];
  readonly #spans: Spans;
  readonly #memoryLimit: number;
  readonly #account = new Account();
  readonly #requests = new Map<string, Promise<unknown>>();
  #serving: JobListener | undefined;
  #announcing: NodeJS.Timeout | undefined;
  #metrics: Server | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @internal Use `startClusterWorker`. */
  private constructor(
    broker: Broker,
    team: Team,
    { root, output, memoryLimit }: { root: Root; output: OutputFolder | null; memoryLimit: number },
  ) {
    this.#broker = broker;
    this.#team = team;
    this.#memoryLimit = memoryLimit;
    this.#spans = new Spans(root, team, memoryLimit);
    this.#places = { root, output, threads: team.threads, passes: new WorkerPasses(this.#spans, team) };
  }

  /** @throws CLUSTER_REDIS, INVALID_OPTION, THREAD_NOT_STARTED */
  static async start(options: ClusterWorkerOptions): Promise<ClusterWorker> {
    const { connection, root, output, threads, memoryLimit, metrics } = options;
    const setting = resolveEngineOptions({ offThread: false, ...(threads !== undefined && { threads }) });
    const folders = {
      root: await Root.open(root),
      output: output === undefined ? null : await OutputFolder.open(output, root),
    };
    const broker = await Broker.open(connection);
    const own = new ClusterWorker(broker, new Team(setting), {
      ...folders,
      memoryLimit: memoryLimit ?? memoryOfMachine() / 2,
    });
    own.#serving = await broker.serve(own.name, (data) => own.#inTurn(data));
    await own.#announce();
    own.#announcing = setInterval(() => own.#announce(), ANNOUNCED_MILLISECONDS).unref();
    if (metrics !== undefined) {
      own.#metrics = await serveMetrics({ host: LOOPBACK, ...metrics }, async () =>
        [metricsText(own.facts), await broker.metricsOf(own.name)].join("\n"),
      );
    }
    return own;
  }

  /** Ends it. What it is doing is done first. */
  async close(): Promise<void> {
    clearInterval(this.#announcing);
    this.#metrics?.close();
    await this.#serving?.close();
    await this.#broker.store.forget(this.name);
    await this.#broker.close();
    await this.#team.close();
  }

  /** What it holds and has done. */
  get facts(): WorkerFacts {
    const { threads } = this.#team;
    const { points, bytes } = this.#spans;
    return { name: this.name, threads, points, bytes, memoryLimit: this.#memoryLimit, ...this.#account.facts };
  }

  async #announce(): Promise<void> {
    // While Redis is away, nobody could read it.
    await this.#broker.store.note(this.name, JSON.stringify(this.facts)).catch(() => {});
  }

  /** One job at a time has all threads. */
  #inTurn(data: unknown): Promise<unknown> {
    const turn = this.#last.then(() => this.#perform(data));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Does a job. What goes wrong is an answer too; only a lost Redis makes a job fail. */
  async #perform(data: unknown): Promise<Answer> {
    const { store } = this.#broker;
    const isKey = (text: unknown) => store.isKey(text);
    const { answer, result } = await this.#answerTask(data, isKey);
    const address = readAddress(data, isKey);
    if (address !== null) await store.push(address.reply, pack({ id: address.id, answer, result } satisfies Reply));
    return answer;
  }

  async #answerTask(data: unknown, isKey: Parameters<typeof readTask>[1]): Promise<Omit<Reply, "id">> {
    try {
      const task = readTask(data, isKey);
      const request = await this.#requestOf(task.request);
      const { result, milliseconds } = await this.#account.note(task.kind, () => answerTo(task, request, this.#places));
      return { answer: { ok: true, worker: this.name, milliseconds }, result };
    } catch (error) {
      return { answer: { ok: false, error: toPlainError(error) } };
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
