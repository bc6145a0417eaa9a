import { createWriteStream } from "node:fs";
import { extname } from "node:path";
import { pipeline } from "node:stream/promises";
import { unknownTableFormat } from "../errors.ts";
import { csvText } from "./csv.ts";
import { ndjsonText } from "./ndjson.ts";
import type { OutputTable } from "./output-table.ts";

export type TableFormat = "csv" | "ndjson" | "parquet" | "arrow";

/** Formats whose bytes come one after another. */
const STREAMED: Readonly<
  Record<"csv" | "ndjson" | "arrow", (table: OutputTable) => AsyncIterable<string | Uint8Array>>
> = {
  csv: csvText,
  ndjson: ndjsonText,
  async *arrow(table) {
    const { arrowBytes } = await import("./arrow.ts");
    yield* arrowBytes(table);
  },
};

const ENDINGS: Readonly<Record<string, TableFormat>> = {
  ".csv": "csv",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".parquet": "parquet",
  ".arrow": "arrow",
  ".feather": "arrow",
};

/** By the ending of a file's name. @throws UNKNOWN_FORMAT */
export function tableFormatOf(path: string): TableFormat {
  const format = ENDINGS[extname(path).toLowerCase()];
  if (format === undefined) throw unknownTableFormat(path, Object.keys(ENDINGS));
  return format;
}

/** Writes rows to a file, as they come. */
export async function writeTable(path: string, format: TableFormat, table: OutputTable): Promise<void> {
  if (format !== "parquet") return pipeline(STREAMED[format](table), createWriteStream(path));
  const { writeParquet } = await import("./parquet.ts");
  return writeParquet(path, table);
}

/** Writes rows to a stream that stays open, as text. */
export function printTable(to: NodeJS.WritableStream, format: "csv" | "ndjson", table: OutputTable): Promise<void> {
  return pipeline(STREAMED[format](table), to, { end: false });
}
