import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether this machine has a redis-server. Where it has none, tests of clusters say so. */
export const hasRedis: boolean = spawnSync("redis-server", ["--version"]).status === 0;
if (!hasRedis) console.warn("Tests of clusters need redis-server (apt-get install redis-server), and are left out.");

/** A Redis of a test's own, which keeps what it is given in a file. */
export class RedisServer {
  readonly url: string;
  readonly #port: number;
  readonly #dir: string = mkdtempSync(join(tmpdir(), "emix-redis-"));
  readonly #settings: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, settings: readonly string[]) {
    this.#port = port;
    this.#settings = settings;
    this.url = `redis://127.0.0.1:${port}`;
  }

  static async start(...settings: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), settings);
    await server.begin();
    return server;
  }

  async begin(): Promise<void> {
    const args = ["--port", String(this.#port), "--bind", "127.0.0.1", "--dir", this.#dir, "--save", ""];
    const child = spawn("redis-server", [...args, "--appendonly", "yes", "--appendfsync", "always", ...this.#settings]);
    this.#child = child;
    for await (const line of child.stdout ?? []) if (String(line).includes("Ready to accept connections")) break;
    child.stdout?.resume();
  }

  /** The names of keys that match a pattern. */
  keys(pattern: string): string[] {
    const { stdout } = spawnSync("redis-cli", ["-u", this.url, "--raw", "KEYS", pattern], { encoding: "utf8" });
    return stdout.split("\n").filter((name) => name !== "");
  }

  async stop(): Promise<void> {
    if (this.#child === undefined) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
    this.#child = undefined;
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
