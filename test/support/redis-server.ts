import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether this machine has a redis-server. Where it has none, tests of clusters say so. */
export const hasRedis: boolean = spawnSync("redis-server", ["--version"]).status === 0;
if (!hasRedis) console.warn("Tests of clusters need redis-server (apt-get install redis-server), and are left out.");

/** Files of a server's certificate, which is its own authority. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Makes a certificate for 127.0.0.1. */
export function makeCertificate(dir: string): Certificate {
  const made = { certificate: join(dir, "redis.crt"), key: join(dir, "redis.key") };
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", made.key, "-out", made.certificate];
  const { status, stderr } = spawnSync("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...subject, ...files],
  ]);
  if (status !== 0) throw new Error(`openssl: ${String(stderr)}`);
  return made;
}

/** A Redis of a test's own, which keeps what it is given in a file. */
export class RedisServer {
  readonly url: string;
  readonly #port: number;
  readonly #dir: string = mkdtempSync(join(tmpdir(), "emix-redis-"));
  readonly #settings: readonly string[];
  readonly #tls: Certificate | undefined;
  #child: ChildProcess | undefined;

  private constructor(port: number, settings: readonly string[], tls?: Certificate) {
    this.#port = port;
    this.#settings = settings;
    this.url = `${tls === undefined ? "redis" : "rediss"}://127.0.0.1:${port}`;
    this.#tls = tls;
  }

  static async start(...settings: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), settings);
    await server.begin();
    return server;
  }

  /** One that speaks TLS, and nothing else. */
  static async startWithTls(certificate: Certificate): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), [], certificate);
    await server.begin();
    return server;
  }

  get #trusted(): string[] {
    return this.#tls === undefined ? [] : ["--tls", "--cacert", this.#tls.certificate];
  }

  async begin(): Promise<void> {
    const port = this.#tls === undefined ? ["--port", String(this.#port)] : tlsArguments(this.#port, this.#tls);
    const args = [...port, "--bind", "127.0.0.1", "--dir", this.#dir, "--save", ""];
    const child = spawn("redis-server", [...args, "--appendonly", "yes", "--appendfsync", "always", ...this.#settings]);
    this.#child = child;
    for await (const line of child.stdout ?? []) if (String(line).includes("Ready to accept connections")) break;
    child.stdout?.resume();
  }

  /** What redis-cli says to a command. */
  ask(...command: readonly string[]): string {
    const { stdout } = spawnSync("redis-cli", ["-u", this.url, ...this.#trusted, "--raw", ...command], {
      encoding: "utf8",
    });
    return stdout.trim();
  }

  /** The names of keys that match a pattern. */
  keys(pattern: string): string[] {
    return this.ask("KEYS", pattern)
      .split("\n")
      .filter((name) => name !== "");
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

function tlsArguments(port: number, { certificate, key }: Certificate): string[] {
  const files = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate];
  return ["--port", "0", "--tls-port", String(port), ...files, "--tls-auth-clients", "no"];
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
