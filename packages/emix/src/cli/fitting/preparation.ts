import { logVolumes } from "@emix/core";
import { fingerprint, type JsonObject, type ReadWatcher } from "@emix/io";
import type { LoadedPoints } from "@emix/workers";
import type { Engine } from "../../engine.ts";
import { type Input, type InputOptions, nameOf, readInput } from "../input.ts";
import type { OpenModel } from "../model.ts";
import { readInputOf } from "../model-input.ts";
import type { ModelOutput } from "../outputs/model-outputs.ts";
import type { QuietFlag } from "../reading.ts";
import { chosenTransforms, type TransformFlags, transformedPoints } from "../transforms.ts";
import { type Numbering, requireNumbering } from "./order.ts";
import type { PreparedPoints } from "./provenance.ts";

interface FitToPrepare {
  readonly from?: OpenModel | undefined;
  readonly numbering: Numbering;
  /** without any, the points need no fingerprint */
  readonly outputs: readonly ModelOutput[];
}

/** Reads the points of a file and transforms them as the flags say, or as the model does that the fit starts from. */
export async function preparePoints(
  engine: Engine,
  path: string,
  flags: InputOptions & TransformFlags & ReadWatcher & QuietFlag,
  { from, numbering, outputs }: FitToPrepare,
): Promise<PreparedPoints<LoadedPoints>> {
  const input = await readRaw(engine, path, flags, from);
  requireNumbering(numbering, input.columns.map(nameOf));
  const print = outputs.length === 0 ? undefined : (input.points.fingerprint ?? fingerprint(input.points.tiles));
  const transforms = from === undefined ? chosenTransforms(input, flags, path) : from.transforms;
  const points = await transformedPoints(engine, input, transforms, path);
  return {
    points,
    columns: input.columns,
    transforms,
    fingerprint: print,
    volumes: transforms === undefined ? null : logVolumes(points.tiles, transforms),
    reading: input.reading as unknown as JsonObject,
  };
}

/** The points as the file has them. */
function readRaw(
  engine: Engine,
  path: string,
  flags: InputOptions & ReadWatcher & QuietFlag,
  from: OpenModel | undefined,
): Promise<Input> {
  if (from === undefined) return readInput(engine, path, flags);
  const { transforms: _, ...untransformed } = from;
  return readInputOf(untransformed, engine, path, flags);
}
