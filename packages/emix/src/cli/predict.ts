import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { readPoint, type Tiles, tileCount, tilesBetween } from "@emix/core";
import { LoadedPoints } from "@emix/workers";
import { Command } from "commander";
import { type InputOptions, nameOf, withInputOptions } from "./input.ts";
import { readModelInput } from "./model-input.ts";
import { withEngine } from "./with-engine.ts";

interface PredictFlags extends InputOptions {
  readonly proba?: boolean;
  readonly features?: boolean;
  readonly json?: boolean;
}

export function predictCommand(): Command {
  return withInputOptions(new Command("predict"))
    .description("Prints the component of every point, as CSV: component, and its probability.")
    .argument("<model>", "a model written by `emix fit --output`, or a mixture as JSON")
    .argument("<file>", "the file of points")
    .option("--proba", "print the probability of every component")
    .option("--features", "print the point in front of it")
    .option("--json", "print one JSON array a line")
    .action(runPredict);
}

async function runPredict(modelPath: string, path: string, flags: PredictFlags): Promise<void> {
  const { mixture, columns, points } = await readModelInput(modelPath, path, flags);
  const { components, features } = mixture;
  const names = flags.proba ? Array.from({ length: components }, (_, c) => `p${c}`) : ["component", "probability"];
  const heading = flags.features ? [...columns.map(nameOf), ...names] : names;
  const point = new Float64Array(features);

  function line(tiles: Tiles, i: number, probabilities: Float64Array): string {
    const row = probabilities.subarray(i * components, (i + 1) * components);
    const answer = flags.proba ? [...row] : mostProbable(row);
    const values = flags.features ? [...readPoint(tiles, i, point), ...answer] : answer;
    return flags.json ? JSON.stringify(values) : values.join(",");
  }

  await withEngine(flags, async (engine, signal) => {
    async function* text(): AsyncGenerator<string> {
      if (!flags.json) yield `${heading.join(",")}\n`;
      for (const tiles of windows(points.tiles)) {
        const probabilities = await engine.predictProba(new LoadedPoints(tiles), { mixture, signal });
        yield Array.from({ length: tiles.count }, (_, i) => `${line(tiles, i, probabilities)}\n`).join("");
      }
    }
    await pipeline(Readable.from(text()), process.stdout, { end: false });
  });
}

/** Rows predicted at a time: what is held of them does not grow with the file. */
const WINDOW = 2 ** 16;

function* windows(tiles: Tiles): Generator<Tiles> {
  const tilesAtOnce = WINDOW / tiles.tileSize;
  const total = tileCount(tiles);
  for (let first = 0; first < total; first += tilesAtOnce) {
    yield tilesBetween(tiles, first, Math.min(first + tilesAtOnce, total));
  }
}

function mostProbable(probabilities: Float64Array): [number, number] {
  let best = 0;
  for (let c = 1; c < probabilities.length; c++) if (probabilities[c] > probabilities[best]) best = c;
  return [best, probabilities[best]];
}
