import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine, type Engine } from "../../packages/workers/src/engine/engine.ts";
import { clusters } from "./points.ts";

// A program that ends work in every way there is, and hears of nothing that nobody waits for. Node ends it at the first rejection that
// nobody hears (--unhandled-rejections=strict).

const points = clusters(8000, 4, 5, "unheard");
const long = { components: 5, tolerance: 0, maxIterations: 100_000, seed: 1 };
const folder = mkdtempSync(join(tmpdir(), "emix-"));
const ways: Readonly<Record<string, (engine: Engine) => unknown>> = {
  async "is aborted"(engine) {
    await rejected(engine.fit(points, { ...long, signal: AbortSignal.timeout(30) }));
  },
  async "is left"(engine) {
    for await (const _ of engine.fit(points, long)) break;
  },
  async "has a listener that throws"(engine) {
    const onStep = () => {
      throw new Error("no");
    };
    await rejected(engine.fit(points, { ...long, onStep }));
  },
  async "has a listener that rejects"(engine) {
    await rejected(engine.fit(points, { ...long, onStep: () => Promise.reject(new Error("no")) }));
  },
  async "is stopped"(engine) {
    const run = engine.fit(points, long);
    setTimeout(() => run.stop(), 30);
    await rejected(run);
  },
  async "cannot write its checkpoint"(engine) {
    await rejected(engine.fit(points, { ...long, checkpoint: { path: join(folder, "none", "fit"), every: 1 } }));
  },
  async "is refused"(engine) {
    await rejected(engine.fit([[Number.NaN]], { components: 1 }));
  },
  async "is under way when the engine closes"(engine) {
    const work = [engine.fit(points, long), engine.fit(points, long), engine.load(points)].map(rejected);
    setTimeout(() => engine.close(), 50);
    await Promise.all(work);
  },
  "is forgotten, with its engine"(engine) {
    const run = engine.fit(points, { ...long, maxIterations: 3 });
    run.then(() => {});
  },
};

function rejected(work: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(work).catch((error: unknown) => error);
}

for (const offThread of [true, false]) {
  let engine = await createEngine({ threads: 2, offThread });
  for (const end of Object.values(ways)) {
    if (!engine.usable) engine = await createEngine({ threads: 2, offThread });
    await end(engine);
  }
}
rmSync(folder, { recursive: true });
console.log("end");
