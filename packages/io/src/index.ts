export type { FileFormat } from "./format-names.ts";
export { type ModelFormat, readModel, writeModel } from "./models/formats.ts";
export type { About, Json, JsonObject, Model, Provenance, TailQuantiles, Transform } from "./models/model.ts";
export type { OnnxOptions } from "./models/onnx/write-onnx.ts";
export { outlierThreshold, tailProbability, tailQuantiles } from "./models/outliers.ts";
export { openFile } from "./open-file.ts";
export { FILE_OPTIONS, type FileOptions } from "./options.ts";
export { type ColumnLeftOut, type ReadColumn, type Reading, readingLine } from "./reading.ts";
export type { TextFacts } from "./table.ts";
