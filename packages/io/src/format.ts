import { unusedOption } from "./errors.ts";
import type { FileFormat } from "./format-names.ts";
import { openBytes } from "./input/bytes.ts";
import type { Given, InputFile } from "./input/input.ts";
import { TEXT_OPTIONS } from "./options.ts";
import type { Table } from "./table.ts";
import type { TextOptions } from "./text/options.ts";

/** How the files of a format are opened; several only where they are one table. */
type Open = (files: readonly InputFile[], given: Given, stop: () => void) => Promise<Table>;

/** Every format of files. To add one, write its table and give it a name and a row here. Each is loaded when needed. */
const OPEN: Readonly<Record<FileFormat, Open>> = {
  csv: async ([file], given, stop) => {
    const { openText } = await import("./text/text-table.ts");
    return openText(await openBytes(file.path, file.name), textOptions(given), stop);
  },
  ndjson: async ([file], _, stop) => {
    const { openNdjson } = await import("./json/ndjson-table.ts");
    return openNdjson(await openBytes(file.path, file.name), stop);
  },
  parquet: async (files, { memoryLimit, signal }) => {
    const { openParquet } = await import("./duckdb/duck-table.ts");
    return openParquet(files, { memoryLimit, signal });
  },
  arrow: async ([file], _, stop) => {
    const { openArrow } = await import("./arrow/arrow-table.ts");
    return openArrow(file, stop);
  },
  npy: async ([file]) => {
    const { openNpy } = await import("./npy/npy-table.ts");
    return openNpy(file);
  },
  npz: async ([file], { array, signal }) => {
    const { openNpz } = await import("./npy/npz.ts");
    return openNpz(file, { array, signal });
  },
};

/** @throws AMBIGUOUS_FILE, BAD_FILE, EMPTY_DATA, INVALID_OPTION, ALLOCATION_FAILED */
export function openTable(files: readonly InputFile[], given: Given, stop: () => void): Promise<Table> {
  const { format } = files[0];
  if (format !== "csv") {
    for (const option of TEXT_OPTIONS) if (given[option] !== undefined) throw unusedOption(option, format);
  }
  if (format !== "npz" && given.array !== undefined) throw unusedOption("array", format);
  return OPEN[format](files, given, stop);
}

function textOptions({ delimiter, decimal, thousands, header, na, comment, skip }: Given): TextOptions {
  return { delimiter, decimal, thousands, header, na, comment, skip };
}
