import { Command } from "commander";
import { type InputOptions, readInput, withInputOptions } from "./input.ts";
import { readModel } from "./model.ts";
import { withEngine } from "./with-engine.ts";

export function scoreCommand(): Command {
  return withInputOptions(new Command("score"))
    .description("Prints the mean log-likelihood of the points under a model.")
    .argument("<model>", "a model written by `emix fit --output`")
    .argument("<file>", "the file of points")
    .option("--json", "print a JSON object")
    .action(runScore);
}

async function runScore(
  modelPath: string,
  path: string,
  flags: InputOptions & { readonly json?: boolean },
): Promise<void> {
  const { mixture, columns } = await readModel(modelPath);
  await withEngine(flags, async (engine, signal) => {
    const { points } = await readInput(engine, path, flags, columns);
    const score = await engine.score({ mixture, points, signal });
    const text = flags.json ? JSON.stringify({ score, points: points.count }) : `${score}`;
    process.stdout.write(`${text}\n`);
  });
}
