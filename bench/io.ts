import { statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeCsv, writeNpyFile, writeParquet } from "./data-files.ts";
import { inChild } from "./support/child.ts";
import { list, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { mebibytes, short, Table } from "./support/table.ts";

const FLAGS = ["rows", "features", "repeats", "formats"];

/** What reading a file cost. */
export interface ReadCost {
  readonly milliseconds: number;
  /** processor time of all threads */
  readonly processor: number;
  /** bytes */
  readonly points: number;
  /** most that was resident, less what was before */
  readonly peak: number;
  /** longest time that the event loop stood still, in ms */
  readonly block: number;
}

/** Files into shared memory: speed, memory, and how long the event loop stands still. */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const rows = wholeNumber(flags.rows, 3_000_000);
  const features = wholeNumber(flags.features, 8);
  const repeats = wholeNumber(flags.repeats, 3);
  const folder = await mkdtemp(join(tmpdir(), "emix-bench-"));
  const write = {
    parquet: () => writeParquet(join(folder, "p.parquet"), rows, features),
    csv: () => writeCsv(join(folder, "p.csv"), Math.ceil(rows / 3), features),
    npy: () => writeNpyFile(join(folder, "p.npy"), rows, features),
  };
  console.log(describeMachine());
  const table = new Table({
    file: 8,
    MB: 6,
    "MB/s": 6,
    "MB/s of processor": 6,
    "peak − points, MiB": 6,
    "longest block, ms": 6,
  });
  try {
    for (const format of list(flags.formats, Object.keys(write)) as (keyof typeof write)[]) {
      const path = await write[format]();
      const costs: ReadCost[] = [];
      for (let repeat = 0; repeat < repeats; repeat++) costs.push(await inChild<string, ReadCost>("read", path));
      const megabytes = statSync(path).size / 1e6;
      const least = (of: (cost: ReadCost) => number) => Math.min(...costs.map(of));
      table.print({
        file: format,
        MB: short(megabytes),
        "MB/s": short((megabytes / least((cost) => cost.milliseconds)) * 1000),
        "MB/s of processor": short((megabytes / least((cost) => cost.processor)) * 1000),
        "peak − points, MiB": mebibytes(least((cost) => cost.peak - cost.points)),
        "longest block, ms": short(least((cost) => cost.block)),
      });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
