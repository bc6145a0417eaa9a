import { fileURLToPath } from "node:url";
import { createEngine } from "../../packages/workers/src/engine/engine.ts";
import { clusters } from "./points.ts";

// A fit that writes a checkpoint after every step. As a program, it does nothing else until it is killed.

export const keptPoints = clusters(4000, 4, 5, "kept");
export const keptOptions = {
  components: 5,
  tolerance: 0,
  maxIterations: 300,
  seed: 2,
  initialization: "random",
  restarts: 2,
} as const;

const [, program, path] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  const engine = await createEngine({ threads: 1, offThread: false });
  await engine.fit(keptPoints, { ...keptOptions, checkpoint: { path, every: 1 } });
  await engine.close();
}
