export type { FilePoints } from "./file-points.ts";
export { FILE_FORMATS, type FileFormat } from "./format-names.ts";
export { openFile } from "./open-file.ts";
export { FILE_OPTIONS, type FileOptions } from "./options.ts";
export { type ColumnLeftOut, type ReadColumn, type Reading, readingLine } from "./reading.ts";
export type { TextFacts } from "./table.ts";
