import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fit, GaussianMixture, resolveFitOptions, type Transform } from "@emix/core";
import { CancelFlag, resolveEngineOptions, Team } from "@emix/workers";
import { createEngine } from "emix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ClusterExecutor } from "../../packages/cluster/src/driver/cluster-executor.ts";
import { Dispatcher } from "../../packages/cluster/src/driver/dispatcher.ts";
import { planPoints } from "../../packages/cluster/src/driver/loading.ts";
import { answerTo } from "../../packages/cluster/src/worker/answer.ts";
import { WorkerPasses } from "../../packages/cluster/src/worker/passes.ts";
import { Spans } from "../../packages/cluster/src/worker/points/spans.ts";
import { Root } from "../../packages/cluster/src/worker/root.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import { SimulatedCluster } from "../support/simulated-cluster.ts";

// Twenty workers without threads, processes or Redis, which are late and die as a seed has it.

const SEEDS = Number(process.env.EMIX_SOAK_SEEDS ?? 20);
const WORKERS = 20;
const OPTIONS = { components: 4, maxIterations: 6, tolerance: 0, initialization: "fast", schedule: "full" } as const;
const dir = mkdtempSync(join(tmpdir(), "emix-simulated-"));
const setting = resolveEngineOptions({ threads: 1, offThread: false, kernel: "simd" });
const team = new Team(setting);
let expected: string;
let places: Parameters<typeof answerTo>[2];

beforeAll(async () => {
  const random = randomStream("simulated", "points");
  const rows = Array.from({ length: 50_000 }, (_, i) => `${(i % 4) * 4 + random.normal()},${random.normal()}`);
  for (let file = 0; file < 3; file++) {
    const part = rows.slice((file * rows.length) / 3, ((file + 1) * rows.length) / 3);
    writeFileSync(join(dir, `part-${file}.csv`), `x,y\n${part.join("\n")}\n`);
  }
  const root = await Root.open(dir);
  places = { root, output: null, threads: 1, passes: new WorkerPasses(new Spans(root, team, 2 ** 30), team) };
  await using engine = await createEngine({ threads: 1, offThread: false, kernel: "simd" });
  const { mixture, history } = await engine.fit(await engine.loadFile(join(dir, "part-*.csv")), OPTIONS);
  expected = JSON.stringify([mixture, history]);
}, 60_000);

afterAll(async () => {
  await team.close();
  rmSync(dir, { recursive: true, force: true });
});

/** out: the mixture and its history */
async function fitOn(cluster: SimulatedCluster, pattern: string, transforms?: readonly Transform[]): Promise<string> {
  const { signal } = new AbortController();
  const loaded = await planPoints([pattern], {}, { broker: cluster, patience: 1, signal });
  const { plan, tiles, owners } = transforms === undefined ? loaded : loaded.withTransforms(transforms);
  const dispatcher = new Dispatcher(cluster, owners, 1, { signal });
  const about = { arithmetic: "f64", strict: false, cancel: new CancelFlag() } as const;
  const steps = fit(new ClusterExecutor({ plan, tiles, dispatcher, team, ...about }), resolveFitOptions(OPTIONS), {});
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  return JSON.stringify([new GaussianMixture(step.value.mixture), step.value.history]);
}

test("points that memory does not hold are read from a file, with the same bits", async () => {
  const root = await Root.open(dir);
  const clusterOf = (spans: Spans) => {
    const passes = new WorkerPasses(spans, team);
    return new SimulatedCluster(
      2,
      (task, request) => answerTo(task, request, { ...places, passes }),
      randomStream(0, "file"),
      0.02,
    );
  };
  const small = new Spans(root, team, 2 ** 18, dir);
  expect(await fitOn(clusterOf(small), "part-*.csv")).toBe(expected);
  expect([small.points, small.bytes]).toEqual([50_000, 0]);
  const shifted = [1, 2].map((scale) => ({ log: false, centre: 3, scale }));
  const there = await fitOn(clusterOf(new Spans(root, team, 2 ** 18, dir)), "part-*.csv", shifted);
  expect(there).toBe(await fitOn(clusterOf(new Spans(root, team, 2 ** 30)), "part-*.csv", shifted));
  expect(there).not.toBe(expected);
}, 60_000);

test("points that are too few to be put in order have the bits of one machine", async () => {
  const random = randomStream("simulated", "few");
  const rows = Array.from({ length: 3000 }, (_, i) => `${(i % 4) * 4 + random.normal()},${random.normal()}`);
  writeFileSync(join(dir, "few.csv"), `x,y\n${rows.join("\n")}\n`);
  const cluster = new SimulatedCluster(3, (task, request) => answerTo(task, request, places), random, 0.05);
  await using engine = await createEngine({ threads: 1, offThread: false, kernel: "simd" });
  const { mixture, history } = await engine.fit(await engine.loadFile(join(dir, "few.csv")), OPTIONS);
  expect(await fitOn(cluster, "few.csv")).toBe(JSON.stringify([mixture, history]));
}, 60_000);

test("every worker reads files as those of a model were, where that explains all of them", async () => {
  writeFileSync(join(dir, "dots-0.csv"), "x;y\n1.234;5.678\n2.345;6.789\n");
  writeFileSync(join(dir, "dots-1.csv"), "x;y\n3.456;7.891\n");
  writeFileSync(join(dir, "dots-2.csv"), "x;y\n3.4;7.8\n3.5;7.9\n");
  const cluster = new SimulatedCluster(
    3,
    (task, request) => answerTo(task, request, places),
    randomStream(0, "like"),
    0.1,
  );
  const { signal } = new AbortController();
  const read = { like: { decimal: ",", thousands: "." } } as const;
  const sizes = async (pattern: string) => {
    const { plan, tiles, owners } = await planPoints([pattern], read, { broker: cluster, patience: 1, signal });
    const dispatcher = new Dispatcher(cluster, owners, 1, { signal });
    const request = { plan, points: Float64Array.of(0, 1) };
    const [found] = await dispatcher.ask("gather", request, [{ partition: 0, first: 0, end: 2 }]);
    expect(tiles.count).toBeGreaterThanOrEqual(2);
    return { read: plan.read, largest: Math.max(...(found as Float64Array)) };
  };
  expect(await sizes("dots-[01].csv")).toMatchObject({ read: { decimal: ",", thousands: "." }, largest: 6789 });
  const other = await sizes("dots-2.csv");
  expect(other.largest).toBe(7.9);
  expect(other.read).not.toHaveProperty("decimal");
}, 60_000);

test(`${SEEDS} fits whose workers are late and die have the bits of one machine, and leave nothing`, async () => {
  let losses = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const cluster = new SimulatedCluster(
      WORKERS,
      (task, request) => answerTo(task, request, places),
      randomStream(seed, "simulated"),
      0.05,
    );
    expect(await fitOn(cluster, "part-*.csv"), `seed ${seed}`).toBe(expected);
    expect(cluster.keys, `seed ${seed}`).toBe(0);
    losses += cluster.losses;
  }
  expect(losses).toBeGreaterThan(5 * SEEDS);
}, 300_000);
