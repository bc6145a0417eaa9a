import { exponential, type Place, type PlaceOf, type Transform, transformsOf } from "@emix/core";
import type { LoadedPoints } from "@emix/workers";
import type { Command } from "commander";
import type { Engine } from "../engine.ts";
import { logOfUnknownColumn } from "./errors.ts";
import { collect } from "./flags.ts";
import { nameOf } from "./input.ts";

/** What the command line says of transforms. */
export interface TransformFlags {
  readonly standardize?: boolean;
  readonly log?: readonly string[];
}

export function withTransformFlags(command: Command): Command {
  return command
    .option(
      "--standardize",
      "fit the columns divided by their standard deviations; everything shown and written is in their own units",
    )
    .option(
      "--log <column>",
      "fit the logarithm of a column; repeat for more; the table then has medians and factors",
      collect,
    );
}

/** The points of a file, as `readInput` gives them. */
interface Read {
  readonly points: LoadedPoints;
  readonly columns: readonly string[];
}

/**
 * What the flags ask for, of these points; undefined for nothing.
 * @throws UNKNOWN_COLUMN, INVALID_POINTS
 */
export function chosenTransforms(
  { points, columns }: Read,
  { standardize = false, log = [] }: TransformFlags,
  path: string,
): readonly Transform[] | undefined {
  const logarithms = chosenLogarithms(columns, { log }, path);
  if (!standardize) return logarithms;
  const names = columns.map(nameOf);
  const choice = { log: names.map((name) => log.includes(name)), standardize };
  return transformsOf(points.tiles, choice, placesIn(path, names));
}

/** The logarithms that the flags ask for; undefined for none. @throws UNKNOWN_COLUMN */
export function chosenLogarithms(
  columns: readonly string[],
  { log = [] }: TransformFlags,
  path: string,
): readonly Transform[] | undefined {
  const names = columns.map(nameOf);
  const unknown = log.find((name) => !names.includes(name));
  if (unknown !== undefined) throw logOfUnknownColumn(unknown, names, path);
  if (log.length === 0) return undefined;
  return names.map((name) => ({ log: log.includes(name), centre: 0, scale: 1 }));
}

/** The points as the mixture sees them; the given ones are then gone. @throws INVALID_POINTS, STORAGE_FAILED */
export async function transformedPoints(
  engine: Engine,
  { points, columns }: Read,
  transforms: readonly Transform[] | undefined,
  path: string,
): Promise<LoadedPoints> {
  if (transforms === undefined) return points;
  const seen = await engine.transform(points, transforms, placesIn(path, columns.map(nameOf)));
  points.dispose();
  return seen;
}

/** A coordinate of the mixture in the units of its column. */
export function undone(value: number, { log, centre, scale }: Transform): number {
  const linear = value * scale + centre;
  return log ? exponential(linear) : linear;
}

function placesIn(path: string, names: readonly string[]): PlaceOf {
  return (row, column): Place => ({
    words: `row ${row + 1}, column ${JSON.stringify(names[column])} of ${path} (rows counted from 1, without a header)`,
    details: { path, row: row + 1, column: names[column] },
  });
}
