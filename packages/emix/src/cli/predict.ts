import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { readPoint, type Tiles, tileCount, tilesBetween } from "@emix/core";
import { LoadedPoints } from "@emix/workers";
import { Command } from "commander";
import { type InputOptions, nameOf, withInputOptions } from "./input.ts";
import { type OpenModel, readModel } from "./model.ts";
import { readInputOf } from "./model-input.ts";
import { undone } from "./transforms.ts";
import { withEngine } from "./with-engine.ts";

interface PredictFlags extends InputOptions {
  readonly proba?: boolean;
  readonly features?: boolean;
  readonly json?: boolean;
}

export function predictCommand(): Command {
  return withInputOptions(new Command("predict"))
    .description(
      "Prints the component of every point, as CSV: component, and its probability. There is a line for every row of the file; " +
        "with --missing drop, the cells of a row that lacks a number are empty (null with --json).",
    )
    .argument("<model>", "a model written by `emix fit --output`, or a mixture as JSON")
    .argument("<file>", "the file of points")
    .option("--proba", "print the probability of every component")
    .option("--features", "print the point in front of it")
    .option("--json", "print one JSON array a line")
    .action(runPredict);
}

async function runPredict(modelPath: string, path: string, flags: PredictFlags): Promise<void> {
  const model = await readModel(modelPath);
  const { mixture } = model;
  await withEngine(flags, async (engine, signal) => {
    const { points, columns } = await readInputOf(model, engine, path, flags);
    if (points.dropped > 0)
      process.stderr.write(`emix: cells are empty for ${points.dropped} rows that lack a number\n`);
    const { heading, line } = linesOf(model, columns.map(nameOf), flags);
    const blanks = blankLines(points.tiles, textOf(new Array<null>(heading.length).fill(null), flags));
    async function* lines(): AsyncGenerator<string> {
      if (!flags.json) yield `${heading.join(",")}\n`;
      for (const tiles of windows(points.tiles)) {
        const probabilities = await engine.predictProba(new LoadedPoints(tiles), { mixture, signal });
        yield Array.from({ length: tiles.count }, (_, i) => `${blanks()}${line(tiles, i, probabilities)}\n`).join("");
      }
      yield blanks();
    }
    await pipeline(Readable.from(lines()), process.stdout, { end: false });
  });
}

/** The heading, and what makes the line of a point. */
function linesOf({ mixture, transforms }: OpenModel, columns: readonly string[], flags: PredictFlags) {
  const { components, features } = mixture;
  const names = flags.proba ? Array.from({ length: components }, (_, c) => `p${c}`) : ["component", "probability"];
  const point = new Float64Array(features);
  return {
    heading: flags.features ? [...columns, ...names] : names,
    line(tiles: Tiles, i: number, probabilities: Float64Array): string {
      const row = probabilities.subarray(i * components, (i + 1) * components);
      const answer = flags.proba ? [...row] : mostProbable(row);
      if (!flags.features) return textOf(answer, flags);
      const values = [...readPoint(tiles, i, point)];
      return textOf([...(transforms ? values.map((z, j) => undone(z, transforms[j])) : values), ...answer], flags);
    },
  };
}

function textOf(cells: readonly (number | null)[], { json }: PredictFlags): string {
  return json ? JSON.stringify(cells) : csvLine(cells);
}

/** A line of one empty cell is quoted, for readers of CSV pass over empty lines. */
function csvLine(cells: readonly (number | null)[]): string {
  return cells.join(",") || '""';
}

/** To be asked before the line of each point, and at the end: gives the lines of dropped rows that stand there. */
function blankLines({ dropped }: Tiles, blank: string): () => string {
  let row = 0;
  let gap = 0;
  return () => {
    let lines = "";
    for (; dropped?.[gap] === row; gap++, row++) lines += `${blank}\n`;
    row++;
    return lines;
  };
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
