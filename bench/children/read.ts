import { monitorEventLoopDelay } from "node:perf_hooks";
import { createEngine } from "emix";
import type { ReadCost } from "../io.ts";
import { answer } from "../support/child.ts";
import { peakMemory, restartPeak } from "../support/memory.ts";

await answer<string, ReadCost>(async (path) => {
  const engine = await createEngine({ threads: 1, offThread: false });
  const before = restartPeak();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  const began = performance.now();
  const points = await engine.loadFile(path);
  const milliseconds = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  const peak = peakMemory() - before;
  const { bytes } = points;
  await engine.close();
  return { milliseconds, processor: (user + system) / 1000, points: bytes, peak, block: delay.max / 1e6 };
});
