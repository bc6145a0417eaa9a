export { FILE_FORMATS, type FileFormat } from "./format.ts";
export { type FileOptions, openFile } from "./open-file.ts";
