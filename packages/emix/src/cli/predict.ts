import { readPoint } from "@emix/core";
import { Command } from "commander";
import { type InputOptions, nameOf, readInput, withInputOptions } from "./input.ts";
import { readModel } from "./model.ts";
import { withEngine } from "./with-engine.ts";

interface PredictFlags extends InputOptions {
  readonly proba?: boolean;
  readonly features?: boolean;
  readonly json?: boolean;
}

export function predictCommand(): Command {
  return withInputOptions(new Command("predict"))
    .description("Prints the component of every point, as CSV: component, and its probability.")
    .argument("<model>", "a model written by `emix fit --output`")
    .argument("<file>", "the file of points")
    .option("--proba", "print the probability of every component")
    .option("--features", "print the point in front of it")
    .option("--json", "print one JSON array a line")
    .action(runPredict);
}

async function runPredict(modelPath: string, path: string, flags: PredictFlags): Promise<void> {
  const { mixture, columns } = await readModel(modelPath);
  const { points } = await readInput(path, flags, columns);
  const probabilities = await withEngine(flags, (engine, signal) => engine.predictProba({ mixture, points, signal }));
  const { components } = mixture;
  const predicted = flags.proba ? Array.from({ length: components }, (_, c) => `p${c}`) : ["component", "probability"];
  const heading = flags.features ? [...columns.map(nameOf), ...predicted] : predicted;
  const point = new Float64Array(mixture.features);
  const write = lines();
  if (!flags.json) write(heading.join(","));
  for (let i = 0; i < points.count; i++) {
    const row = probabilities.subarray(i * components, (i + 1) * components);
    const answer = flags.proba ? [...row] : mostProbable(row);
    const values = flags.features ? [...readPoint(points.tiles, i, point), ...answer] : answer;
    write(flags.json ? JSON.stringify(values) : values.join(","));
  }
  write(null);
}

function mostProbable(probabilities: Float64Array): [number, number] {
  let best = 0;
  for (let c = 1; c < probabilities.length; c++) if (probabilities[c] > probabilities[best]) best = c;
  return [best, probabilities[best]];
}

/** Writes lines to standard output, a few thousand at a time; null writes what is left. */
function lines(): (line: string | null) => void {
  let waiting: string[] = [];
  return (line) => {
    if (line !== null) waiting.push(line);
    if (waiting.length < 4096 && line !== null) return;
    if (waiting.length > 0) process.stdout.write(`${waiting.join("\n")}\n`);
    waiting = [];
  };
}
