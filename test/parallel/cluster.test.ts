import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cluster, createCluster, createEngine, type Engine, type FitOptions, GaussianMixture } from "emix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomStream } from "../../packages/core/src/random.ts";
import { startWorker, type WorkerProcess } from "../support/cluster-processes.ts";
import { expectRejection } from "../support/failures.ts";
import { hasRedis, RedisServer } from "../support/redis-server.ts";

const LOCK = 1500;
const dir = mkdtempSync(join(tmpdir(), "emix-cluster-"));
const root = join(dir, "root");
mkdirSync(root);

/** Writes files of one table, parted unevenly. out: the pattern that they all match */
function writeFiles(name: string, rows: number, features: number, weighted: boolean): string {
  const random = randomStream("cluster", name, 0);
  const header = [...Array.from({ length: features }, (_, j) => `x${j}`), ...(weighted ? ["w"] : [])].join(",");
  const lines = Array.from({ length: rows }, () => {
    const group = Math.floor(random.uniform() * 4);
    const values = Array.from({ length: features }, (_, j) => (group * (j + 1) + random.normal()).toFixed(4));
    return [...values, ...(weighted ? [Math.floor(random.uniform() * 3)] : [])].join(",");
  });
  const cuts = [0, Math.floor(rows / 7), Math.floor(rows / 2), rows];
  cuts.slice(1).forEach((end, i) => {
    writeFileSync(join(root, `${name}-${i}.csv`), `${[header, ...lines.slice(cuts[i], end)].join("\n")}\n`);
  });
  return `${name}-*.csv`;
}

/** One column of doubles, in several sections that are ordered by themselves. */
function writeSections(name: string, rows: number): void {
  const random = randomStream("cluster", name, 1);
  const values = Float64Array.from({ length: rows }, () => Math.floor(random.uniform() * 3) * 5 + random.normal());
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${rows}, 1), }`;
  const head = Buffer.alloc(128, " ");
  head.write("\x93NUMPY\x01\x00", "latin1");
  head.writeUInt16LE(118, 8);
  head.write(text, 10);
  head[127] = 10;
  writeFileSync(join(root, name), Buffer.concat([head, Buffer.from(values.buffer)]));
}

describe.skipIf(!hasRedis)("a cluster", () => {
  let redis: RedisServer;
  let plain: string;
  let engine: Engine;
  const workers: WorkerProcess[] = [];
  const start = async () => {
    workers.push(await startWorker({ connection: { url: redis.url, lockDuration: LOCK }, root }));
  };
  const connect = (): Promise<Cluster> =>
    createCluster({ connection: { url: redis.url, lockDuration: LOCK }, threads: 1, kernel: "simd", patience: 5 });

  beforeAll(async () => {
    plain = writeFiles("plain", 9_001, 3, false);
    redis = await RedisServer.start();
    engine = await createEngine({ threads: 1, offThread: false, kernel: "simd" });
    await Promise.all([start(), start(), start()]);
  }, 60_000);

  afterAll(async () => {
    for (const worker of workers) await worker.kill("SIGKILL");
    await engine?.close();
    await redis?.end();
    rmSync(dir, { recursive: true, force: true });
  }, 60_000);

  /** A fit on the cluster beside the same on this machine. in: pattern, below the root */
  async function both(pattern: string, options: FitOptions, read: { weightColumn?: string } = {}): Promise<unknown[]> {
    await using cluster = await connect();
    const there = await cluster.fit(await cluster.load(pattern, read), options);
    const here = await engine.fit(await engine.loadFile(join(root, pattern), read), options);
    return [there, here].map((result) => JSON.stringify(result));
  }

  test("has the bits of one machine, for all types, restarts, a prior, variational inference and weights", async () => {
    const weighted = writeFiles("weighted", 6_500, 2, true);
    const fits: [string, FitOptions, { weightColumn?: string }?][] = [
      [plain, { components: 4, seed: 1 }],
      [plain, { components: 3, covarianceType: "diag", restarts: 3, initialization: "fast" }],
      [plain, { components: 4, covarianceType: "tied", schedule: "full", refine: true, initialization: "fast" }],
      [plain, { components: 5, covarianceType: "spherical", prior: {}, granularity: "auto", initialization: "fast" }],
      [plain, { components: 5, inference: "variational", maxIterations: 30, initialization: "fast" }],
      [plain, { components: 1 }],
      [plain, { components: 6, initialization: "random", maxIterations: 8 }],
      [weighted, { components: 1, covarianceType: "diag" }, { weightColumn: "w" }],
      [weighted, { components: 4, seed: 2, emptyComponent: "reseed" }, { weightColumn: "w" }],
    ];
    for (const [files, options, read] of fits) {
      const [there, here] = await both(files, options, read);
      expect(there).toBe(here);
    }
  }, 180_000);

  test("chooses among models as one machine does, and holds out no points", async () => {
    const options = { components: [2, 3], covarianceTypes: ["full", "diag"], seed: 3 } as const;
    await using cluster = await connect();
    const points = await cluster.load(plain);
    const there = await cluster.select(points, { ...options, criterion: "icl" });
    const here = await engine.select(await engine.loadFile(join(root, plain)), { ...options, criterion: "icl" });
    expect(JSON.stringify(there)).toBe(JSON.stringify(here));
    const heldOut = cluster.select(points, { ...options, criterion: "held-out" as "bic" });
    await expectRejection(heldOut, "INVALID_OPTION", /holds out no points/);
  }, 60_000);

  test("scores as one machine does, and leaves no key behind", async () => {
    await using cluster = await connect();
    const points = await cluster.load(plain);
    const mixture = GaussianMixture.fromParameters({
      weights: [0.4, 0.6],
      means: [0, 0, 0, 4, 8, 12],
      covariances: [9, 0, 0, 0, 9, 0, 0, 0, 9, 8, 0, 0, 0, 8, 0, 0, 0, 8],
    });
    const local = await engine.loadFile(join(root, plain));
    for (const criterion of ["score", "aic", "bic", "icl"] as const) {
      expect(await cluster[criterion](points, { mixture })).toBe(await engine[criterion](local, { mixture }));
    }
    expect(redis.keys("emix:data:*")).toEqual([]);
  });

  test("has the bits of one machine where points are ordered in sections, though a worker is killed and one stopped", async () => {
    writeSections("sections.npy", 2_200_001);
    const options: FitOptions = { components: 3, covarianceType: "diag", schedule: "full", initialization: "fast" };
    await using cluster = await connect();
    const points = await cluster.load("sections.npy");
    const steps: number[] = [];
    const there = await cluster.fit(points, {
      ...{ ...options, maxIterations: 12, tolerance: 0 },
      onStep: ({ iteration }) => {
        steps.push(iteration);
        if (iteration === 2) workers[0].kill("SIGKILL");
        if (iteration === 6) workers[1].kill("SIGSTOP");
      },
    });
    await workers[1].kill("SIGCONT");
    const here = await engine.fit(await engine.loadFile(join(root, "sections.npy")), {
      ...options,
      maxIterations: 12,
      tolerance: 0,
    });
    expect(steps.length).toBe(12);
    expect(JSON.stringify(there)).toBe(JSON.stringify(here));
    await start();
  });

  test("goes on where Redis was away for a while", async () => {
    await using cluster = await connect();
    const points = await cluster.load(plain);
    const options: FitOptions = {
      components: 4,
      maxIterations: 10,
      tolerance: 0,
      schedule: "full",
      initialization: "fast",
    };
    let away: Promise<void> | undefined;
    const there = await cluster.fit(points, {
      ...options,
      onStep: ({ iteration }) => {
        if (iteration === 3) away = redis.stop().then(() => redis.begin());
      },
    });
    await away;
    const here = await engine.fit(await engine.loadFile(join(root, plain)), options);
    expect(JSON.stringify(there)).toBe(JSON.stringify(here));
  });

  test("goes on from a checkpoint with the bits of a fit that was never broken off", async () => {
    await using cluster = await connect();
    const points = await cluster.load(plain);
    const path = join(dir, "fit.checkpoint");
    const options = { components: 4, maxIterations: 30, tolerance: 0, restarts: 2, initialization: "fast" } as const;
    const controller = new AbortController();
    const broken = cluster.fit(points, {
      ...{ ...options, checkpoint: { path, every: 4 }, signal: controller.signal },
      onStep: ({ iteration }) => {
        if (iteration === 12) controller.abort();
      },
    });
    await expectRejection(Promise.resolve(broken), "ABORTED");
    const there = await cluster.resume(path, points);
    const here = await engine.fit(await engine.loadFile(join(root, plain)), options);
    expect(JSON.stringify(there)).toBe(JSON.stringify(here));
    const others = await cluster.load(plain, { columns: ["x0", "x1"] });
    await expectRejection(Promise.resolve(cluster.resume(path, others)), "CHECKPOINT_MISMATCH", /features/);
  });

  test("refuses files outside the root, and files that changed", async () => {
    await using cluster = await connect();
    symlinkSync(dir, join(root, "out"));
    writeFileSync(join(dir, "secret.csv"), "x\n1\n2\n3\n");
    for (const path of ["../secret.csv", "out/secret.csv", join(dir, "secret.csv")]) {
      await expectRejection(cluster.load(path), "FILE_REFUSED", /below the workers' root/);
    }
    writeFileSync(join(root, "changing.csv"), `x\n${Array.from({ length: 100 }, (_, i) => i % 7).join("\n")}\n`);
    const points = await cluster.load("changing.csv");
    writeFileSync(join(root, "changing.csv"), `x\n${Array.from({ length: 100 }, (_, i) => i % 5).join("\n")}\n`);
    await expectRejection(Promise.resolve(cluster.fit(points, { components: 1 })), "FILE_CHANGED", /changing.csv/);
    await expectRejection(cluster.load("nothing.csv"), "FILE_NOT_FOUND");
    await expectRejection(cluster.load("nothing-*.csv"), "FILE_NOT_FOUND", /below the workers' root/);
  });

  test("writes nothing where its workers have no folder for it, and no two files to one place", async () => {
    await using cluster = await connect();
    const points = await cluster.load(plain);
    const { mixture } = await cluster.fit(points, { components: 1 });
    const asked = (output: string) => cluster.predict(points, { mixture, output });
    await expectRejection(asked("labels/*.csv"), "INVALID_OPTION", /emix worker --output/);
    await expectRejection(asked("labels.csv"), "INVALID_OPTION", /one \*/);
    await expectRejection(asked("*.txt"), "UNKNOWN_FORMAT");
    writeFileSync(join(root, "twin.csv"), "x\n1\n2\n");
    writeFileSync(join(root, "twin.tsv"), "x\n3\n4\n");
    const twins = await cluster.load(["twin.csv", "twin.tsv"]);
    const single = await cluster.fit(twins, { components: 1 });
    const both = cluster.predict(twins, { mixture: single.mixture, output: "*.csv" });
    await expectRejection(both, "INVALID_OPTION", /twin\.csv and twin\.tsv/);
  });

  test("refuses starts that look at every point, and stops when it is told to", async () => {
    await using cluster = await connect();
    const points = await cluster.load(plain);
    const refused = cluster.fit(points, { components: 3, initialization: "k-means++" });
    await expectRejection(Promise.resolve(refused), "INVALID_OPTION", /other machines/);
    const controller = new AbortController();
    const stopped = cluster.fit(points, {
      ...{ components: 4, tolerance: 0, signal: controller.signal },
      onStep: () => controller.abort(),
    });
    await expectRejection(Promise.resolve(stopped), "ABORTED");
  });

  test("fails where all its workers are lost and nobody comes", async () => {
    const connection = { url: redis.url, prefix: "few", lockDuration: LOCK };
    const only = await startWorker({ connection, root });
    const cluster = await createCluster({ connection, threads: 1, patience: 1 });
    const points = await cluster.load(plain);
    await only.kill("SIGKILL");
    expect(redis.keys("few:worker-*")).not.toEqual([]);
    await (await createCluster({ connection, threads: 1 })).close();
    expect(redis.keys("few:worker-*")).toEqual([]);
    await expectRejection(Promise.resolve(cluster.fit(points, { components: 2 })), "CLUSTER_EMPTY", /1 s/);
    await cluster.close();
  });

  test("says what is wrong with its Redis, and that nobody is there", async () => {
    const evicting = await RedisServer.start("--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru");
    const at = (url: string, prefix = "emix") =>
      createCluster({ connection: { url, prefix }, threads: 1, patience: 0 });
    await expectRejection(at(evicting.url), "CLUSTER_REDIS", /noeviction.*allkeys-lru/);
    await evicting.end();
    await expectRejection(at(evicting.url), "CLUSTER_REDIS", /check the URL/);
    await using lonely = await at(redis.url, "nobody");
    await expectRejection(lonely.load(plain), "CLUSTER_EMPTY", /emix worker/);
  });
});
