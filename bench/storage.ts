import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StorageAnswer, StorageQuestion } from "./children/storage.ts";
import { inChild } from "./support/child.ts";
import { numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { short, Table } from "./support/table.ts";
import { customWorkload } from "./support/workloads.ts";

const FLAGS = ["count", "features", "components", "threads", "repeats", "steps"];

/** Points are so many times the limit of memory. */
const TIMES = 4;
const MIB = 2 ** 20;

/** A fit of saved points of four times the engine's limit of memory, beside the same in memory: speed, peak memory, bits. */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const [threads] = numbers(flags.threads, [2]);
  const workload = customWorkload({
    count: wholeNumber(flags.count, 1_000_000),
    features: wholeNumber(flags.features, 16),
    components: wholeNumber(flags.components, 16),
    covarianceType: "full",
    spread: 0.35,
  });
  const folder = mkdtempSync(join(tmpdir(), "emix-bench-"));
  const path = join(folder, "points.tiles");
  try {
    const ask = (storage: StorageQuestion["storage"], memoryLimit?: number) =>
      inChild<StorageQuestion, StorageAnswer>("storage", {
        ...{ path, storage, workload, threads, steps: wholeNumber(flags.steps, 6) },
        ...(memoryLimit && { memoryLimit }),
      });
    await ask("save");
    const limit = Math.ceil(statSync(path).size / TIMES);
    console.log(
      `${describeMachine()}\n${short(statSync(path).size / MIB)} MiB of points, limit ${short(limit / MIB)} MiB`,
    );
    const kept = { step: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY, peak: 0, bits: "" };
    const stored = { ...kept };
    for (let repeat = 0; repeat < wholeNumber(flags.repeats, 3); repeat++) {
      take(kept, await ask("memory"));
      take(stored, await ask("file", limit));
    }
    const table = new Table({
      points: 9,
      "step ms": 9,
      "cpu ms": 9,
      speed: 7,
      "by cpu": 7,
      "peak MiB": 9,
      "over limit": 11,
      bits: 9,
    });
    const row = (points: string, found: StorageAnswer, over: string) =>
      table.print({
        points,
        "step ms": short(found.step),
        "cpu ms": short(found.cpu),
        speed: (kept.step / found.step).toFixed(2),
        "by cpu": (kept.cpu / found.cpu).toFixed(2),
        "peak MiB": short(found.peak / MIB),
        "over limit": over,
        bits: found.bits === kept.bits ? "equal" : "DIFFERENT",
      });
    row("in memory", kept, "");
    row("in file", stored, short((stored.peak - limit) / MIB));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Least = { -readonly [K in keyof StorageAnswer]: StorageAnswer[K] };

/** The least time, the greatest peak. */
function take(least: Least, { step, cpu, peak, bits }: StorageAnswer): void {
  if (least.bits !== "" && least.bits !== bits) throw new Error("Two runs ended with different bits.");
  least.step = Math.min(least.step, step);
  least.cpu = Math.min(least.cpu, cpu);
  least.peak = Math.max(least.peak, peak);
  least.bits = bits;
}
