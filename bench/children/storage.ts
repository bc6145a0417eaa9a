import { createHash } from "node:crypto";
import { GaussianMixture } from "@emix/core";
import { createEngine } from "emix";
import { draw } from "../data.ts";
import { answer } from "../support/child.ts";
import { peakMemory } from "../support/memory.ts";
import type { Workload } from "../support/workloads.ts";

export interface StorageQuestion {
  /** of the saved points */
  readonly path: string;
  /** "save": draws the points and saves them */
  readonly storage: "save" | "memory" | "file";
  readonly memoryLimit?: number;
  readonly workload: Workload;
  readonly threads: number;
  readonly steps: number;
}

export interface StorageAnswer {
  /** milliseconds of an EM step, by the clock and of the processor */
  readonly step: number;
  readonly cpu: number;
  /** most memory of the process, in bytes */
  readonly peak: number;
  /** of the mixture */
  readonly bits: string;
}

await answer(
  async ({ path, storage, memoryLimit, workload, threads, steps }: StorageQuestion): Promise<StorageAnswer> => {
    await using engine = await createEngine({ threads, ...(memoryLimit && { memoryLimit }) });
    if (storage === "save") {
      await engine.save(draw(workload).points, { path });
      return { step: 0, cpu: 0, peak: 0, bits: "" };
    }
    using points = await engine.loadFile(path, { storage });
    const { start } = draw({ ...workload, count: 2 * workload.components * workload.features });
    const mixture = GaussianMixture.fromParameters(start);
    const timed = async (count: number) => {
      const cpu = process.cpuUsage();
      const began = performance.now();
      const fitted = await engine.fitModelEm(points, { mixture, steps: count });
      const { user, system } = process.cpuUsage(cpu);
      return { fitted, wall: performance.now() - began, cpu: (user + system) / 1000 };
    };
    const first = await timed(1);
    const all = await timed(1 + steps);
    const bits = createHash("sha256").update(JSON.stringify(all.fitted)).digest("hex");
    return { step: (all.wall - first.wall) / steps, cpu: (all.cpu - first.cpu) / steps, peak: peakMemory(), bits };
  },
);
