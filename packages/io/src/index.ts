export { FILE_FORMATS, type FileFormat } from "./format.ts";
export { fingerprint } from "./models/fingerprint.ts";
export { type ModelFormat, modelFormatOf, readModel, writeModel } from "./models/formats.ts";
export type { About, Json, JsonObject, Model, Provenance, TailQuantiles, Transform } from "./models/model.ts";
export type { OnnxOptions } from "./models/onnx/write-onnx.ts";
export { outlierThreshold, tailProbability, tailQuantiles } from "./models/outliers.ts";
export { type FileOptions, openFile } from "./open-file.ts";
