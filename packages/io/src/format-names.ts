/** A format of files of points. */
export type FileFormat = "csv" | "ndjson" | "parquet" | "arrow" | "npy" | "npz";

/** The endings of each format, with the dot, in lower case. csv: all text of numbers in rows. */
export const ENDINGS: Readonly<Record<FileFormat, readonly string[]>> = {
  csv: [".csv", ".tsv", ".txt", ".dat", ".tab"],
  ndjson: [".ndjson", ".jsonl"],
  parquet: [".parquet", ".pq"],
  arrow: [".arrow", ".feather", ".ipc", ".arrows"],
  npy: [".npy"],
  npz: [".npz"],
};

export const FILE_FORMATS: readonly FileFormat[] = Object.keys(ENDINGS) as FileFormat[];

/** Endings of compressed texts, put behind that of the format. */
export const COMPRESSED: readonly string[] = [".gz", ".zst"];
