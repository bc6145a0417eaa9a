import { randomUUID } from "node:crypto";
import { exponentsFor, greatest, noCompleteRow, requireTotal, tileSizeFor, tilesBytes } from "@emix/core";
import { rangeOfNumbers } from "../errors.ts";
import type { FilesDescription, FilesRequest, Plan, ReadOptions, SurveyedFile } from "../protocol.ts";

import { ClusterPoints } from "./cluster-points.ts";
import { Dispatcher, type Jobs, someWorkers } from "./dispatcher.ts";
import { numbersOf } from "./numbers-of.ts";
import { filesOf } from "./predicting.ts";

/** Who does it, and how long it may take to begin. */
interface LoadSetting {
  readonly broker: Jobs;
  readonly patience: number;
  readonly signal: AbortSignal;
}

/** Makes the plan of some files: workers say what is in them, and go over each once. */
export async function planPoints(
  paths: readonly string[],
  { like, ...read }: ReadOptions & Pick<FilesRequest, "like">,
  { broker, patience, signal }: LoadSetting,
): Promise<ClusterPoints> {
  const owners = await someWorkers(broker, patience, signal);
  const dispatcher = new Dispatcher(broker, owners, patience, { signal });
  const [described] = (await dispatcher.ask("describe", { paths, read, ...(like && { like }) } satisfies FilesRequest, [
    { partition: 0, first: 0, end: 1 },
  ])) as FilesDescription[];
  const { columns, features, dtype, weighted, alike } = described;
  // From here on every worker reads as this one did.
  const chosen = { ...(alike && like), ...read, columns, dtype };
  const files = (await dispatcher.ask(
    "survey",
    { paths: described.paths, read: chosen } satisfies FilesRequest,
    filesOf({ paths: described.paths, owners }),
  )) as SurveyedFile[];
  const count = files.reduce((sum, { points }) => sum + points, 0);
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  const place = { words: described.paths.join(", "), details: { paths: described.paths } };
  if (count === 0) throw noCompleteRow(place, rows);
  if (weighted)
    requireTotal(
      files.reduce((sum, { weight }) => sum + weight, 0),
      place,
    );
  if (dtype === "f64") requireRange(files, features);
  const plan: Plan = {
    id: randomUUID(),
    files: files.map(({ path, bytes, checksum, rows, points }) => ({ path, bytes, checksum, rows, points })),
    read: chosen,
    ...{ count, features, dtype, weighted, transforms: null },
  };
  const facts = {
    ...{ count, features, dtype, tileSize: tileSizeFor(features), exponents: null, order: null },
    data: { byteLength: tilesBytes({ count, features, dtype, weighted: false }) },
    dropped: rows === count ? null : { length: rows - count },
  };
  const pointWeights = weighted ? await numbersOf("weights", { dispatcher, plan, tiles: facts }) : null;
  return new ClusterPoints(plan, { ...facts, pointWeights }, owners, columns);
}

/** Points that would be stored divided by powers of two are not for several machines. @throws OVERFLOW */
function requireRange(files: readonly SurveyedFile[], features: number): void {
  const largest = Float64Array.from({ length: features }, (_, j) => greatest(files.map((file) => file.largest[j])));
  const exponents = exponentsFor(largest);
  if (exponents !== null) throw rangeOfNumbers(exponents.findIndex((exponent) => exponent !== 0));
}
