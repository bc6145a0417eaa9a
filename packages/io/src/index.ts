export { FILE_FORMATS, type FileFormat } from "./format.ts";
export type { MissingPolicy } from "./point-source.ts";
export { type LoadedPoints, type ReadPointsOptions, readPoints } from "./read-points.ts";
