import { extname } from "node:path";
import { openCsvFile, openParquetFile } from "./duckdb/table-source.ts";
import { unknownFormat } from "./errors.ts";
import type { FilePoints, OpenOptions } from "./file-points.ts";
import { openNpy } from "./npy/npy-source.ts";

export type FileFormat = "csv" | "parquet" | "npy";

/** How files of a format are known and opened. */
interface Format {
  /** With the dot, in lower case. */
  readonly extensions: readonly string[];
  open(path: string, options: OpenOptions): Promise<FilePoints>;
}

/** Every format of files. To add one, write its source and give it a name and a row here. */
const FORMATS: Readonly<Record<FileFormat, Format>> = {
  csv: { extensions: [".csv", ".tsv"], open: openCsvFile },
  parquet: { extensions: [".parquet"], open: openParquetFile },
  npy: { extensions: [".npy"], open: openNpy },
};

export const FILE_FORMATS: readonly FileFormat[] = Object.keys(FORMATS) as FileFormat[];

/** @throws UNKNOWN_FORMAT */
export function formatOf(path: string): FileFormat {
  const extension = extname(path).toLowerCase();
  const format = FILE_FORMATS.find((name) => extensionsOf(name).includes(extension));
  if (format === undefined) throw unknownFormat(path, FILE_FORMATS.flatMap(extensionsOf), FILE_FORMATS);
  return format;
}

function extensionsOf(format: FileFormat): readonly string[] {
  return FORMATS[format].extensions;
}

export function openFormat(format: FileFormat, path: string, options: OpenOptions): Promise<FilePoints> {
  return FORMATS[format].open(path, options);
}
