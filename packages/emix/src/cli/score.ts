import { Command } from "commander";
import { type InputOptions, withInputOptions } from "./input.ts";
import { readModel } from "./model.ts";
import { readInputOf } from "./model-input.ts";
import { meanLogVolume } from "./transforms.ts";
import { withEngine } from "./with-engine.ts";

export function scoreCommand(): Command {
  return withInputOptions(new Command("score"))
    .description("Prints the mean log-likelihood of the points under a model.")
    .argument("<model>", "a model written by `emix fit --output`, or a mixture as JSON")
    .argument("<file>", "the file of points")
    .option("--json", "print a JSON object")
    .action(runScore);
}

async function runScore(
  modelPath: string,
  path: string,
  flags: InputOptions & { readonly json?: boolean },
): Promise<void> {
  const model = await readModel(modelPath);
  await withEngine(flags, async (engine, signal) => {
    const { points } = await readInputOf(model, engine, path, flags);
    const ofTransformed = await engine.score(points, { mixture: model.mixture, signal });
    const score = ofTransformed + meanLogVolume(points, model.transforms);
    const text = flags.json ? JSON.stringify({ score, points: points.count }) : `${score}`;
    process.stdout.write(`${text}\n`);
  });
}
