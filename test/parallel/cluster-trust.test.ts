import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCluster, startClusterWorker } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { pack } from "../../packages/cluster/src/parcel.ts";
import { PROTOCOL } from "../../packages/cluster/src/protocol.ts";
import { Broker } from "../../packages/cluster/src/redis/broker.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import { ROOT } from "../support/command.ts";
import { honestRequests, spoiled } from "../support/hostile-jobs.ts";
import { hasRedis, makeCertificate, RedisServer } from "../support/redis-server.ts";

const CLI = join(ROOT, "packages/emix/src/cli.ts");
const GUIDE = readFileSync(join(ROOT, "docs/guide/cluster.md"), "utf8");
const PAYLOADS = Number(process.env.EMIX_SOAK_PAYLOADS ?? 1000);
const ROWS = 300;
const dir = mkdtempSync(join(tmpdir(), "emix-trust-"));
const root = join(dir, "root");
mkdirSync(root);
const random = randomStream("trust", "points");
const rows = Array.from({ length: ROWS }, (_, i) => `${((i % 2) * 5 + random.normal()).toFixed(3)},${random.normal()}`);
writeFileSync(join(root, "points.csv"), `x0,x1\n${rows.join("\n")}\n`);
writeFileSync(join(dir, "secret.csv"), `x0,x1\n${rows.join("\n")}\n`);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A worker as users start it. */
async function startCommand(url: string, env: NodeJS.ProcessEnv): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [CLI, "worker", "--redis", url, "--root", root, "--threads", "1"], {
    ...{ env, stdio: ["ignore", "ignore", "pipe"] as const },
  });
  for await (const text of child.stderr) if (String(text).includes("waits for fits")) break;
  child.stderr.resume();
  return async () => {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  };
}

function fit(url: string, env: NodeJS.ProcessEnv) {
  const args = ["fit", "--cluster", url, "points.csv", "-k", "2", "--quiet"];
  return spawnSync(process.execPath, [CLI, ...args], { env, encoding: "utf8" });
}

describe.skipIf(!hasRedis)("the Redis of a cluster", () => {
  test("may speak TLS, and have a user who may do what the guide says and nothing else", async () => {
    const certificate = makeCertificate(dir);
    const redis = await RedisServer.startWithTls(certificate);
    const rules = /^ACL SETUSER emix (.*)$/m.exec(GUIDE)?.[1] ?? "";
    expect(redis.ask("ACL", "SETUSER", "emix", ...rules.replace(">password", ">secret").split(" "))).toBe("OK");
    const url = redis.url.replace("//", "//emix:secret@");
    const trusting = { ...process.env, NODE_EXTRA_CA_CERTS: certificate.certificate };
    const stop = await startCommand(url, trusting);
    const fitted = fit(url, trusting);
    expect([fitted.status, fitted.stderr]).toEqual([0, ""]);
    expect(fitted.stdout).toContain("component");
    const status = () => spawnSync(process.execPath, [CLI, "cluster", "status", "--redis", url], { env: trusting });
    await expect.poll(() => String(status().stdout), { timeout: 20_000 }).toMatch(/worker .*\n.*\n.* 300 .*idle/);
    await stop();
    expect(redis.ask("ACL", "LOG")).toBe("");
    for (const command of [["GET", "other"], ["FLUSHALL"], ["CONFIG", "GET", "*"], ["KEYS", "*"], ["SHUTDOWN"]]) {
      expect(redis.ask("--user", "emix", "--pass", "secret", ...command)).toMatch(/^NOPERM/);
    }
    const unknown = fit(url, process.env);
    expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringMatching(/certificate.*CLUSTER_REDIS/)]);
    const refused = fit(url.replace("secret", "wrong"), trusting);
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringMatching(/WRONGPASS.*CLUSTER_REDIS/)]);
    await redis.end();
  }, 120_000);

  test("holds no jobs that make a worker fail without a name, read elsewhere, or end", async () => {
    const redis = await RedisServer.start("--appendfsync", "no");
    const connection = { url: redis.url };
    const output = mkdtempSync(join(tmpdir(), "emix-trust-output-"));
    const worker = await startClusterWorker({ connection, root, output, threads: 1, memoryLimit: 2 ** 26 });
    const broker = await Broker.open(connection);
    const honest = await honestRequests({
      path: "points.csv",
      absolute: join(root, "points.csv"),
      rows: ROWS,
      features: 2,
    });
    const { signal } = new AbortController();
    const ask = async (id: string, { kind, first, end, request }: (typeof honest)[number]) => {
      const key = broker.store.key(id);
      await broker.store.put(key, pack(request ?? null));
      const data = { protocol: PROTOCOL, kind, request: key, first, end };
      const sent = await broker.send(id, data, worker.name, signal);
      await broker.store.remove([key]);
      return sent.done ? sent.answer : sent;
    };
    for (const each of honest) expect(await ask(`honest-${each.kind}`, each)).toMatchObject({ ok: true });
    const draw = randomStream("trust", "payloads");
    const codes = new Map<string, number>();
    for (let i = 0; i < PAYLOADS; i++) {
      const bad = spoiled(honest[i % honest.length], draw);
      const answer = await ask(`bad-${i}`, bad);
      expect(answer, JSON.stringify(bad)).toHaveProperty("ok");
      const code = "ok" in answer && !answer.ok ? answer.error.code : "ok";
      expect(code, `${JSON.stringify(bad)} ${JSON.stringify(answer)}`).not.toBe("INTERNAL");
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect(codes.get("CLUSTER_MISMATCH")).toBeGreaterThan(PAYLOADS / 4);
    for (const each of honest) expect(await ask(`again-${each.kind}`, each)).toMatchObject({ ok: true });
    await broker.close();
    await worker.close();
    expect(redis.keys("emix:data:*")).toEqual([]);
    // Jobs may name what they like below the folder, as whole files.
    const names = readdirSync(output, { recursive: true, encoding: "utf8" });
    expect(names).toContain(join("labels", "points.csv"));
    expect(names.filter((name) => name.endsWith(".part"))).toEqual([]);
    rmSync(output, { recursive: true });
    await redis.end();
  }, 300_000);

  test("keeps nothing of fits that are done, and lets what is left of one that was killed expire", async () => {
    const redis = await RedisServer.start("--appendfsync", "no");
    const connection = { url: redis.url };
    const worker = await startClusterWorker({ connection, root, threads: 1 });
    const fitOnce = async () => {
      const cluster = await createCluster({ connection, threads: 1 });
      await cluster.fit(await cluster.load("points.csv"), { components: 2, maxIterations: 5 });
      await cluster.close();
    };
    // BullMQ keeps the last hundred of jobs, and streams of as many events, so Redis fills for a while.
    for (let i = 0; i < 25; i++) await fitOnce();
    const before = Number(/^used_memory_dataset:(\d+)/m.exec(redis.ask("INFO", "memory"))?.[1]);
    const keys = redis.keys("*").length;
    for (let i = 0; i < 25; i++) await fitOnce();
    const after = Number(/^used_memory_dataset:(\d+)/m.exec(redis.ask("INFO", "memory"))?.[1]);
    expect(redis.keys("*").length).toBeLessThanOrEqual(keys + 5);
    expect(after - before).toBeLessThan(2 ** 20);
    expect(redis.keys("emix:data:*")).toEqual([]);
    for (const key of redis.keys("emix:note:*")) expect(Number(redis.ask("TTL", key))).toBeGreaterThan(0);
    await worker.close();
    expect(redis.keys("emix:note:*")).toEqual([]);
    await redis.end();
  }, 120_000);
});
