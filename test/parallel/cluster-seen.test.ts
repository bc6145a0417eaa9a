import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCluster, type WorkerShare } from "emix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomStream } from "../../packages/core/src/random.ts";
import { startWorker } from "../support/cluster-processes.ts";
import { commandIn } from "../support/command.ts";
import { freePort, hasRedis, RedisServer } from "../support/redis-server.ts";

const ROWS = 5000;
const root = mkdtempSync(join(tmpdir(), "emix-seen-"));
const random = randomStream("seen", "points");
const rows = Array.from({ length: ROWS }, (_, i) => `${(i % 3) * 6 + random.normal()},${random.normal()}`);
writeFileSync(join(root, "points.csv"), `x,y\n${rows.join("\n")}\n`);
const positive = `x,y\n${rows.map((row) => row.replace(/^[^,]+/, (x) => `${Math.abs(Number(x)) + 0.5}`)).join("\n")}\n`;
const written = mkdtempSync(join(tmpdir(), "emix-written-"));
const { emix, file, read, remove } = commandIn("seen");

describe.skipIf(!hasRedis)("a cluster is seen", () => {
  let redis: RedisServer;
  let port: number;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    redis = await RedisServer.start();
    port = await freePort();
    const connection = { url: redis.url };
    // In processes of their own, for the command is waited for in this one.
    const workers = await Promise.all([
      startWorker({ connection, root, output: written, metrics: { port } }),
      startWorker({ connection, root, output: written }),
    ]);
    stop = async () => {
      for (const worker of workers) await worker.kill("SIGTERM");
    };
  }, 60_000);

  afterAll(async () => {
    await stop?.();
    await redis?.end();
    remove();
    for (const folder of [root, written]) rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test("by what each worker does of a pass", async () => {
    await using cluster = await createCluster({ connection: { url: redis.url }, threads: 1 });
    const points = await cluster.load("points.csv");
    const told: (readonly WorkerShare[])[] = [];
    await cluster.fit(points, { components: 3, maxIterations: 4, onWorkers: (shares) => told.push(shares) });
    expect(told.length).toBeGreaterThan(3);
    for (const shares of told) {
      expect(shares.reduce((sum, { points: own }) => sum + own, 0)).toBe(ROWS);
      for (const { milliseconds, waiting } of shares) expect(Math.min(milliseconds, waiting)).toBeGreaterThanOrEqual(0);
    }
    expect(told[0].map(({ worker }) => worker)).toEqual(await cluster.workers());
  });

  test("by its status", async () => {
    await using cluster = await createCluster({ connection: { url: redis.url }, threads: 1 });
    const found = async () => {
      const { workers, forAny } = await cluster.status();
      const points = workers.map(({ facts }) => facts?.points ?? 0);
      return [points.reduce((sum, own) => sum + own, 0), workers.map(({ waiting }) => waiting), forAny.waiting];
    };
    // The worker of the other half takes whole sections, so both have all of a small file.
    await expect.poll(found, { timeout: 20_000 }).toEqual([2 * ROWS, [0, 0], 0]);
    const { status, stdout } = emix("cluster", "status", "--redis", redis.url, "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout).workers.map(({ name }: { name: string }) => name)).toEqual(await cluster.workers());
    expect(emix("cluster", "status", "--redis", redis.url, "--prefix", "nobody").stdout).toBe(
      "no worker is connected\n",
    );
  });

  test("by Prometheus", async () => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    const text = await response.text();
    expect(response.headers.get("content-type")).toContain("version=0.0.4");
    expect(text).toMatch(new RegExp(`^emix_worker_points\\{worker="[\\w.-]+"\\} ${ROWS}$`, "m"));
    expect(text).toMatch(/^emix_worker_jobs_total\{.*\} [1-9]\d*$/m);
    expect(text).toMatch(/^emix_worker_jobs_failed_total\{.*\} 0$/m);
    expect(text).toMatch(/^bullmq_job_count\{queue="worker-.*", state="waiting"\} 0$/m);
    // Every line is a comment or a number with a name.
    const lines = text.trim().split("\n");
    expect(lines.filter((line) => !/^(# (HELP|TYPE) \w+ .+|\w+\{.*\} [\d.e+-]+)$/.test(line))).toEqual([]);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  });

  test("by a line for each worker at the end of a fit, and in its events", () => {
    const fit = ["fit", "--cluster", redis.url, "points.csv", "-k", "3", "--max-iterations", "5", "--progress"];
    const lines = emix(...fit, "lines").stderr.split("\n");
    expect(lines.filter((line) => /^worker \S+: [\d,]+ points, \d+ ms a pass, waits \d+ ms$/.test(line)).length).toBe(
      2,
    );
    const events = emix(...fit, "json")
      .stderr.trim()
      .split("\n");
    expect(events.length).toBeGreaterThan(0);
  });

  test("as one machine is, by the models that it makes of logarithms, from a model, and among several", () => {
    const shared = ["positive.csv", "-t", "1", "--quiet", "--max-iterations", "8"];
    const fit = ["fit", ...shared, "-k", "3"];
    const both = (name: string, command: readonly string[], ...flags: readonly string[]) => {
      const made = [`${name}-there.json`, `${name}-here.json`];
      const there = ["--cluster", redis.url, "-o", made[0]];
      expect(emix(...command, ...flags, ...there)).toMatchObject({ status: 0 });
      expect(emix(...command, ...flags, "-o", made[1])).toMatchObject({ status: 0 });
      const [one, other] = made.map((model) => JSON.parse(read(model)));
      for (const part of ["weights", "means", "covariances", "transforms", "outliers", "columns"]) {
        expect(one[part], part).toEqual(other[part]);
      }
      const shown = ({ fit: { trace, lowerBound, selection } }: typeof one) => [trace, lowerBound, selection];
      expect(shown(one)).toEqual(shown(other));
      return made[0];
    };
    file("positive.csv", positive);
    writeFileSync(join(root, "positive.csv"), positive);
    const model = both("log", fit, "--log", "x");
    both("from", fit, "--from", model);
    const select = ["select", ...shared, "-k", "2..3", "--covariance-type", "diag,tied"];
    both("select", select, "--log", "x");
    const heldOut = emix(...select, "--cluster", redis.url, "--criterion", "held-out");
    expect(heldOut).toMatchObject({ status: 2, stderr: expect.stringContaining("holds out no points") });
    const refused = emix(...fit, "--cluster", redis.url, "--standardize");
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining("--standardize") });
  }, 300_000);

  test("by the components of rows, which workers write as one machine does", () => {
    const parts = [rows.slice(0, 1000), ["0.5,", ...rows.slice(1000, 1500)], rows.slice(1500, 4000)];
    parts.forEach((part, i) => {
      const text = `x,y\n${part.join("\n")}\n`;
      file(`part-${i}.csv`, text);
      writeFileSync(join(root, `part-${i}.csv`), text);
    });
    const fit = emix("fit", "part-0.csv", "-k", "3", "--standardize", "-t", "1", "--quiet", "-o", "model.json");
    expect(fit).toMatchObject({ status: 0 });
    const wanted = ["--missing", "drop", "--proba", "--top", "2"];
    const there = ["predict", "--cluster", redis.url, "model.json", "part-*.csv", ...wanted];
    const told = emix(...there, "-o", "labels/*.ndjson");
    expect(told).toMatchObject({ status: 0, stderr: expect.stringContaining("501 rows to labels/part-1.ndjson") });
    for (const part of ["part-0", "part-1", "part-2"]) {
      const here = emix("predict", "model.json", `${part}.csv`, ...wanted, "-o", `${part}.ndjson`);
      expect(here).toMatchObject({ status: 0 });
      expect(readFileSync(join(written, "labels", `${part}.ndjson`), "utf8")).toBe(read(`${part}.ndjson`));
    }
    expect(readdirSync(join(written, "labels")).sort()).toEqual(["part-0.ndjson", "part-1.ndjson", "part-2.ndjson"]);
    for (const [output, problem] of [
      ["labels.csv", /needs a \*/],
      ["../out-*.csv", /below the folder that workers write to/],
      ["labels/*.xls", /\.parquet/],
    ] as const) {
      const refused = emix(...there, "-o", output);
      expect(refused.stderr).toMatch(problem);
      expect(refused.status).not.toBe(0);
    }
    const gaps = emix("predict", "--cluster", redis.url, "model.json", "part-1.csv", "-o", "gaps/*.csv");
    expect(gaps.stderr).toMatch(/row 1, column "y" of .*part-1\.csv/);
    expect(existsSync(join(written, "gaps", "part-1.csv"))).toBe(false);
  }, 120_000);
});
