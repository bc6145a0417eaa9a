export { FILE_FORMATS, type FileFormat } from "./format.ts";
export { type ModelFormat, readModel, writeModel } from "./models/formats.ts";
export type { About, Json, JsonObject, Model, Provenance, TailQuantiles, Transform } from "./models/model.ts";
export type { OnnxOptions } from "./models/onnx/write-onnx.ts";
export { outlierThreshold, tailProbability, tailQuantiles } from "./models/outliers.ts";
export { type FileOptions, openFile } from "./open-file.ts";
