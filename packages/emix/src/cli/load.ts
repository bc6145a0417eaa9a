import { dirname, resolve } from "node:path";
import type { ReadStep } from "@emix/io";
import { Command } from "commander";
import type { Engine } from "../engine.ts";
import { requireSavedPath, savedBeside } from "../saved-points.ts";
import { type InputOptions, readInput, withInputOptions } from "./input.ts";
import { type Output, openOutputs } from "./outputs/output.ts";
import { openProgress, type ProgressStyle, progressOption } from "./progress/progress.ts";
import { type QuietFlag, withQuietFlag } from "./reading.ts";
import { countText } from "./table/cells.ts";
import { withEngine } from "./with-engine.ts";

interface LoadFlags extends InputOptions, QuietFlag {
  readonly output: string;
  readonly progress?: ProgressStyle;
}

export function loadCommand(): Command {
  return withQuietFlag(withInputOptions(new Command("load")))
    .description("Saves the points of a file as fits read them, so that each of many fits begins at once.")
    .argument("<file>", "the file of points")
    .requiredOption("-o, --output <file>", "the file to write, which ends in .tiles; `emix fit` and the like take it")
    .addOption(progressOption())
    .action(runLoad);
}

async function runLoad(path: string, flags: LoadFlags): Promise<void> {
  requireSavedPath(flags.output, "output");
  const [output] = await openOutputs([flags.output], [path]);
  // Where there is room for the file, there is room for the one that points lie in until then.
  const storageFolder = dirname(resolve(flags.output));
  await withEngine({ ...flags, storageFolder }, (engine, signal) => save(engine, { path, flags, output, signal }));
}

interface LoadPlan {
  readonly path: string;
  readonly flags: LoadFlags;
  readonly output: Output;
  readonly signal: AbortSignal;
}

async function save(engine: Engine, { path, flags, output, signal }: LoadPlan): Promise<void> {
  const progress = openProgress(flags);
  try {
    progress.stage("reading", path);
    const onProgress = ({ fraction }: ReadStep) => progress.reach(fraction);
    const { points } = await readInput(engine, path, { ...flags, storage: "file", signal, onProgress });
    await output.stream((part) => engine.saveAs(points, { path: part, ...savedBeside(points), signal }));
    progress.end();
    const { count, features } = points;
    process.stdout.write(`${output.path}: ${countText(count)} points, ${features} features as ${points.tiles.dtype}\n`);
  } finally {
    progress.end();
  }
}
