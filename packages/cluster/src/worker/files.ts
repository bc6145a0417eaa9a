import { stat } from "node:fs/promises";
import type { RowBatch } from "@emix/core";
import { openFile } from "@emix/io";
import { badJob } from "../errors.ts";
import type { FilesDescription, FilesRequest, SurveyedFile } from "../protocol.ts";
import { completeRuns } from "./points/range-source.ts";
import { checksumOf, type Root } from "./root.ts";

/** What is in some files together: the shape of their points. */
export async function describe(root: Root, { paths, read, like }: FilesRequest): Promise<FilesDescription> {
  const found = (await Promise.all(paths.map((path) => root.find(path)))).flat();
  const absolute = await Promise.all(found.map((path) => root.absolute(path)));
  const file = await openFile(absolute, { ...read, ...(like && { like }) });
  try {
    const { columns, features, dtype, weighted } = file;
    return { paths: found, columns, features, dtype, weighted, alike: file.reading(0, 0).like === true };
  } finally {
    await file.close();
  }
}

/** Goes over one file: its size, how many points it has, and how large their numbers are. */
export async function survey(root: Root, { paths, read }: FilesRequest, index: number): Promise<SurveyedFile> {
  const path = paths[index];
  if (path === undefined) throw badJob("it asks for a file that it does not name");
  const absolute = await root.absolute(path);
  const { size } = await stat(absolute);
  const checksum = await checksumOf(absolute);
  const file = await openFile(absolute, read);
  try {
    const missing = read.missing ?? "error";
    const { rows } = await file.count("error");
    const largest = new Float64Array(file.features);
    const seen = { points: 0, weight: 0 };
    for await (const batch of file.batches(rows)) {
      for (const run of missing === "drop" ? completeRuns(batch) : [batch]) {
        seen.points += run.rowCount;
        seen.weight += note(run, file.weighted, largest);
      }
    }
    return { path, bytes: size, checksum, rows, ...seen, largest };
  } finally {
    await file.close();
  }
}

/** in/out: largest, of points that weigh something. out: what they weigh together */
function note({ rowCount, columns }: RowBatch, weighted: boolean, largest: Float64Array): number {
  const weights = weighted ? columns[largest.length] : undefined;
  const weightOf = (row: number) => (weights === undefined ? 1 : weights.values[weights.offset + row * weights.stride]);
  let total = 0;
  for (let row = 0; row < rowCount; row++) total += weightOf(row);
  for (let j = 0; j < largest.length; j++) {
    const { values, offset, stride } = columns[j];
    for (let row = 0, at = offset; row < rowCount; row++, at += stride) {
      const size = Math.abs(values[at]);
      if (size > largest[j] && weightOf(row) > 0) largest[j] = size;
    }
  }
  return total;
}
