import type { Seed } from "@emix/core";
import type { OutputBatch, OutputTable } from "@emix/io";
import { Command } from "commander";
import { nameOf } from "../input.ts";
import { type OpenModel, readModel } from "../model.ts";
import { positiveInteger, seedOf } from "../numbers.ts";
import { type QuietFlag, withQuietFlag } from "../reading.ts";
import { undone } from "../transforms.ts";
import { openRowOutput, type RowFlags, withRowFlags } from "./row-output.ts";

interface SampleFlags extends RowFlags, QuietFlag {
  readonly count: number;
  readonly seed: Seed;
}

export function sampleCommand(): Command {
  return withQuietFlag(withRowFlags(new Command("sample")))
    .description(
      "Draws rows from a model, in the units of its columns, each with the component that it was drawn from.",
    )
    .argument("<model>", "a model as `emix fit --output` writes it, JSON or .npz")
    .requiredOption("-n, --count <rows>", "how many rows to draw", positiveInteger)
    .option("--seed <seed>", "the same seed draws the same rows", seedOf, 0)
    .action(runSample);
}

async function runSample(modelPath: string, flags: SampleFlags): Promise<void> {
  const output = await openRowOutput(flags, [modelPath]);
  await output.write(sampleTable(await readModel(modelPath), flags), flags.count);
}

/** Rows handed over at a time. */
const ROWS_AT_ONCE = 2 ** 14;

function sampleTable({ mixture, columns, transforms }: OpenModel, { count, seed }: SampleFlags): OutputTable {
  const { features } = mixture;
  const names = columns?.map(nameOf) ?? Array.from({ length: features }, (_, j) => `x${j}`);
  const { points, labels } = mixture.sample(count, { seed });
  const value = (row: number, j: number) => {
    const point = points[row * features + j];
    return transforms === undefined ? point : undone(point, transforms[j]);
  };
  async function* batches(): AsyncGenerator<OutputBatch> {
    for (let first = 0; first < count; first += ROWS_AT_ONCE) {
      const rowCount = Math.min(ROWS_AT_ONCE, count - first);
      const cells = names.map((_, j) => Array.from({ length: rowCount }, (_, row) => value(first + row, j)));
      yield { rowCount, columns: [...cells, [...labels.subarray(first, first + rowCount)]] };
    }
  }
  return {
    columns: [...names.map((name) => ({ name, type: "number" }) as const), { name: labelName(names), type: "integer" }],
    batches: batches(),
  };
}

/** A column of the model may be called label. */
function labelName(names: readonly string[]): string {
  let name = "label";
  while (names.includes(name)) name += "_";
  return name;
}
