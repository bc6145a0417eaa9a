// Scores rows as they arrive: CSV on standard input, a label and a log density for each row on standard output.
// Memory holds one window of rows, however long the stream is. For a file, `emix predict` does this by itself.
//   node examples/stream.ts model.json < rows.csv > scores.csv

import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createEngine, GaussianMixture, readModel } from "emix";

const WINDOW = 10_000;

const { mixture: parameters, columns = [], transforms } = await readModel(process.argv[2]);
if (transforms !== undefined) throw new Error("Expected a model of plain columns, without --standardize and --log.");
const mixture = new GaussianMixture(parameters);

async function* windowsOf(input: NodeJS.ReadableStream): AsyncGenerator<Float64Array> {
  let places: number[] | undefined;
  let rows: number[] = [];
  // Lines are lost if anything is awaited between this and the first of them.
  for await (const line of createInterface({ input })) {
    const cells = line.split(",");
    if (places === undefined) {
      places = columns.map((column) => cells.indexOf(column));
      if (places.includes(-1)) throw new Error(`Expected the columns ${columns.join(", ")}, got ${line}.`);
      continue;
    }
    for (const place of places) rows.push(cells[place] === "" ? Number.NaN : Number(cells[place]));
    if (rows.length === WINDOW * columns.length) {
      yield Float64Array.from(rows);
      rows = [];
    }
  }
  if (rows.length > 0) yield Float64Array.from(rows);
}

async function* scores(windows: AsyncIterable<Float64Array>): AsyncGenerator<string> {
  await using engine = await createEngine();
  yield "label,log_density\n";
  for await (const data of windows) {
    // A row that lacks a number gets the label −1 and no density.
    const points = await engine.load({ data, features: mixture.features }, { missing: "drop" });
    const labels = await engine.predict(points, { mixture });
    const logDensities = await engine.logProb(points, { mixture });
    yield Array.from(labels, (label, row) => `${label},${label < 0 ? "" : logDensities[row]}\n`).join("");
  }
}

// The pipeline reads no further while the reader of standard output is behind.
await pipeline(Readable.from(scores(windowsOf(process.stdin))), process.stdout);
