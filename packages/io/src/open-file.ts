import { checkOptions, type Dtype, EmixError } from "@emix/core";
import { type ColumnsToRead, chooseColumns } from "./columns.ts";
import { isNumeric } from "./duckdb/duck-table.ts";
import { notNumeric } from "./errors.ts";
import { FilePoints, type PointsOptions } from "./file-points.ts";
import { openTable } from "./format.ts";
import { type Given, type Input, type InputFile, openInput } from "./input/input.ts";
import { Meter } from "./input/meter.ts";
import { FILE_OPTIONS, type FileOptions } from "./options.ts";
import type { Table } from "./table.ts";
import { joinTables } from "./tables/join-tables.ts";
import { queryTable } from "./tables/query-table.ts";

/**
 * Opens a file as a source of points; close it when its points are read. It reads the file twice, and holds some
 * megabytes of it at most.
 * @param path a file; a pattern such as data/*.csv or an array of paths, for files with the same columns, whose rows are
 * read in order; "-" for standard input
 * @throws FILE_NOT_FOUND, UNKNOWN_FORMAT, AMBIGUOUS_FILE, BAD_FILE, EMPTY_DATA, UNKNOWN_COLUMN, INVALID_OPTION,
 * UNKNOWN_OPTION, ALLOCATION_FAILED, STORAGE_FAILED, ABORTED
 */
export async function openFile(path: string | readonly string[], options: FileOptions = {}): Promise<FilePoints> {
  const given: Given = checkOptions(FILE_OPTIONS, options);
  const meter = new Meter(String(path), given);
  meter.check();
  const input = await openInput(path, given);
  try {
    const { like, ...own } = given;
    if (like === undefined || !input.files.every(({ format }) => format === "csv")) {
      return await openPoints(input, own, { meter, like: null });
    }
    const alike = await openPoints(input, { ...like, ...own }, { meter, like: true }).catch(unlike);
    return alike ?? (await openPoints(input, own, { meter, like: false }));
  } catch (error) {
    await input.close();
    throw error;
  }
}

/** What may be wrong where a text is read as it was not written. */
const UNLIKE: ReadonlySet<string> = new Set([
  ...["BAD_FILE", "AMBIGUOUS_FILE", "UNKNOWN_COLUMN", "INVALID_OPTION", "EMPTY_DATA"],
]);

function unlike(error: unknown): null {
  if (error instanceof EmixError && UNLIKE.has(error.code)) return null;
  throw error;
}

async function openPoints(input: Input, given: Given, way: Pick<PointsOptions, "meter" | "like">): Promise<FilePoints> {
  const opened: Table[] = [];
  try {
    for (const files of groups(input.files)) opened.push(await openTable(files, given, way.meter.check));
    const all = await queryTable(joinTables(opened), input.files, given, way.meter.check);
    const close = () => all.close().finally(() => input.close());
    return await pointsOf(all, given, { ...way, paths: input.names, close });
  } catch (error) {
    for (const table of opened) await table.close();
    throw error;
  }
}

/** Parquet files are one table; files of other formats a table each. */
function groups(files: readonly InputFile[]): (readonly InputFile[])[] {
  return files.every(({ format }) => format === "parquet") ? [files] : files.map((file) => [file]);
}

async function pointsOf(
  table: Table,
  given: Given,
  rest: Pick<PointsOptions, "meter" | "like" | "paths" | "close">,
): Promise<FilePoints> {
  const { columns, weightColumn, sql = true, limit = Number.POSITIVE_INFINITY, dtype } = given;
  const chosen = chooseColumns(table, { columns, weightColumn, sql });
  const stored = await checkExpressions(table, chosen);
  return new FilePoints(table, chosen, { ...rest, limit, dtype: dtype ?? stored });
}

/** Whether all that was chosen are numbers, one a row. out: f32 where all are stored so */
async function checkExpressions(table: Table, { features, weight }: ColumnsToRead): Promise<Dtype> {
  let single = true;
  for (const { name, source } of weight === null ? features : [...features, weight]) {
    if ("column" in source) {
      single &&= table.columns[source.column].single;
      continue;
    }
    const type = await table.typeOf(name, source.expression);
    if (!isNumeric(type) && type !== "BOOLEAN") throw notNumeric(table.path, { name, type });
    single &&= type === "FLOAT";
  }
  return single ? "f32" : "f64";
}
