import { extname } from "node:path";
import { unknownFormat } from "./errors.ts";

export type FileFormat = "csv" | "parquet" | "npy";

export const FILE_FORMATS: readonly FileFormat[] = ["csv", "parquet", "npy"];

const BY_EXTENSION: Readonly<Record<string, FileFormat>> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".parquet": "parquet",
  ".npy": "npy",
};

/** @throws UNKNOWN_FORMAT */
export function formatOf(path: string): FileFormat {
  const format = BY_EXTENSION[extname(path).toLowerCase()];
  if (format === undefined) throw unknownFormat(path, Object.keys(BY_EXTENSION));
  return format;
}
