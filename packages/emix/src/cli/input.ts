import type { MissingOption } from "@emix/core";
import { FILE_FORMATS, type FileFormat } from "@emix/io";
import type { LoadedPoints } from "@emix/workers";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Engine } from "../engine.ts";

/** Options of every command that reads points. */
export interface InputOptions {
  readonly column?: readonly string[];
  readonly weights?: string;
  readonly format?: FileFormat;
  readonly missing: MissingOption;
  readonly limit?: number;
  readonly f32?: boolean;
  readonly threads?: number;
}

export function withInputOptions(command: Command): Command {
  return command
    .option(
      "-c, --column <name>",
      "a column to use, or name=<SQL expression>; repeat it for more (default: all numeric)",
      collect,
    )
    .option("-w, --weights <column>", "the column that holds the weight of each point")
    .addOption(new Option("--format <name>", "format of the file (default: by its ending)").choices(FILE_FORMATS))
    .addOption(
      new Option("--missing <policy>", "rows that lack a number: refuse the file, or leave them out")
        .choices(["error", "drop"])
        .default("error"),
    )
    .option("--limit <rows>", "read at most this many rows", positiveInteger)
    .option("--f32", "store points in single precision; arithmetic stays double")
    .option("-t, --threads <count>", "worker threads (default: all cores); never changes the result", positiveInteger);
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("Expected a whole number from 1 up.");
  return value;
}

/** The name of a column that is given as name or as name=<SQL expression>. */
export function nameOf(column: string): string {
  const equals = column.indexOf("=");
  return equals < 0 ? column : column.slice(0, equals);
}

/** The points of a file, with what was learnt while reading it. */
export interface Input {
  readonly points: LoadedPoints;
  /** as given: names, or name=<SQL expression> */
  readonly columns: readonly string[];
  readonly dropped: number;
}

/** in: columns, those to use if the command line names none */
export async function readInput(
  engine: Engine,
  path: string,
  flags: InputOptions,
  columns?: readonly string[],
): Promise<Input> {
  const chosen = flags.column ?? columns;
  const points = await engine.loadFile(path, {
    missing: flags.missing,
    ...(flags.f32 && { dtype: "f32" as const }),
    ...(chosen && { columns: chosen }),
    ...(flags.weights !== undefined && { weightColumn: flags.weights }),
    ...(flags.format !== undefined && { format: flags.format }),
    ...(flags.limit !== undefined && { limit: flags.limit }),
  });
  return { points, columns: points.columns, dropped: points.dropped };
}
