import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { hasRedis, RedisServer } from "../support/redis-server.ts";

// pnpm cluster:demo: three million flights in twelve files, three workers with a core each, one of which is killed on the
// way; then the same fit on one machine, whose bits are compared.

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CLI = join(ROOT, "packages/emix/src/cli.ts");
const FLIGHTS = join(ROOT, "node_modules/vega-datasets/data/flights-3m.parquet");
const OUT = join(ROOT, "out/cluster-demo");
const FILES = 12;
const FIT = [
  "flights-*.parquet",
  "-k",
  "8",
  "-c",
  "delay",
  "-c",
  "distance",
  "--seed",
  "1",
  "--max-iterations",
  "15",
  "--progress",
  "lines",
];

function emix(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [CLI, ...args], { cwd: OUT, stdio: ["ignore", "inherit", "pipe"] });
}

/** Calls with each line that a program says on standard error, and waits for its end. */
async function hear(child: ChildProcess, name: string, heard: (line: string) => void): Promise<void> {
  const ended = once(child, "exit");
  for await (const text of child.stderr ?? []) {
    for (const line of String(text).split("\n").filter(Boolean)) {
      console.log(`  ${name}: ${line}`);
      heard(line);
    }
  }
  await ended;
}

async function splitFlights(): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  const connection = await (await DuckDBInstance.create()).connect();
  const [[rows]] = await (await connection.runAndReadAll(`SELECT count(*)::INT FROM '${FLIGHTS}'`)).getRows();
  const each = Math.ceil(Number(rows) / FILES);
  for (let i = 0; i < FILES; i++) {
    const part = `SELECT delay, distance FROM '${FLIGHTS}' LIMIT ${each} OFFSET ${i * each}`;
    await connection.run(`COPY (${part}) TO '${join(OUT, `flights-${String(i).padStart(2, "0")}.parquet`)}'`);
  }
  connection.closeSync();
  console.log(`${rows} flights in ${FILES} files`);
}

/** A worker, once it waits for fits. */
async function startWorker(url: string, name: string): Promise<ChildProcess> {
  const child = emix(["worker", "--redis", url, "--root", OUT, "--threads", "1"]);
  await new Promise<void>((resolve) => {
    hear(child, name, () => resolve());
  });
  return child;
}

async function fit(args: readonly string[], output: string, heard: (line: string) => void): Promise<string> {
  const began = performance.now();
  await hear(emix(["fit", ...FIT, ...args, "-o", output]), "fit", heard);
  console.log(`  took ${((performance.now() - began) / 1000).toFixed(1)} s`);
  const { fit: made, ...mixture } = JSON.parse(readFileSync(join(OUT, output), "utf8"));
  return JSON.stringify([mixture, made.trace, made.lowerBound]);
}

if (!hasRedis) process.exit(1);
await splitFlights();
const redis = await RedisServer.start();
const workers = await Promise.all(["worker 1", "worker 2", "worker 3"].map((name) => startWorker(redis.url, name)));
console.log("fit on three workers, one of which will be killed");
const there = await fit(["--cluster", redis.url], "cluster.json", (line) => {
  if (line.startsWith("fitting")) setTimeout(() => workers[1].kill("SIGKILL"), 300);
});
console.log(`worker 2 ${workers[1].signalCode === "SIGKILL" ? "was killed" : "outlived the fit"}`);
for (const worker of workers) worker.kill("SIGTERM");
await redis.end();
console.log("the same fit on this machine");
const here = await fit([], "alone.json", () => {});
console.log(there === here ? "equal to the last bit" : "the fits differ");
process.exit(there === here ? 0 : 1);
