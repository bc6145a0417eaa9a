import { bytesOfDoubles, bytesOfIntegers } from "../little-endian.ts";
import { bytes, integer, type Message, message, text } from "./protobuf.ts";

// The messages of onnx.proto that a graph of tensors takes, by the numbers of their fields.

/** Element types of onnx.proto. */
export const DOUBLE = 11;
export const INT64 = 7;
export const BOOL = 9;

const INT = 2;
const INTS = 7;

/** A constant of the graph. in: values, row-major */
export function doubles(name: string, shape: readonly number[], values: Float64Array): Message {
  return tensor(name, { type: DOUBLE, shape, data: bytesOfDoubles(values) });
}

export function integers(name: string, values: readonly number[]): Message {
  return tensor(name, { type: INT64, shape: [values.length], data: bytesOfIntegers(values) });
}

export function flags(name: string, values: readonly boolean[]): Message {
  return tensor(name, { type: BOOL, shape: [values.length], data: Buffer.from(values.map(Number)) });
}

interface Content {
  readonly type: number;
  readonly shape: readonly number[];
  /** little-endian */
  readonly data: Uint8Array;
}

function tensor(name: string, { type, shape, data }: Content): Message {
  return [...shape.map((length) => integer(1, length)), integer(2, type), text(8, name), bytes(9, data)];
}

/** Attributes of an operator: an integer, or integers. */
export type Attributes = Readonly<Record<string, number | readonly number[]>>;

export interface Operation {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Attributes;
}

export function node({ operator, inputs, output, attributes }: Operation): Message {
  return [
    ...inputs.map((input) => text(1, input)),
    text(2, output),
    text(3, output),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) => message(5, attribute(name, value))),
  ];
}

function attribute(name: string, value: number | readonly number[]): Message {
  if (typeof value === "number") return [text(1, name), integer(3, value), integer(20, INT)];
  return [text(1, name), ...value.map((one) => integer(8, one)), integer(20, INTS)];
}

/** What goes in or comes out. in: shape, a text for a length that is not known */
export function valueInfo(name: string, type: number, shape: readonly (number | string)[], about: string): Message {
  const lengths = shape.map((length) =>
    message(1, typeof length === "number" ? [integer(1, length)] : [text(2, length)]),
  );
  return [text(1, name), message(2, [message(1, [integer(1, type), message(2, lengths)])]), text(3, about)];
}

interface Graph {
  readonly nodes: readonly Message[];
  readonly constants: readonly Message[];
  readonly inputs: readonly Message[];
  readonly outputs: readonly Message[];
}

export interface OnnxModel extends Graph {
  readonly name: string;
  readonly version: string;
  readonly about: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The operators are those of this version; runtimes since 2024 know it. */
const OPSET = 21;
const IR_VERSION = 10;

export function onnxFile({ name, version, about, metadata, ...parts }: OnnxModel): Uint8Array {
  const { nodes, constants, inputs, outputs } = parts;
  const graph = [
    ...nodes.map((one) => message(1, one)),
    text(2, name),
    ...constants.map((one) => message(5, one)),
    ...inputs.map((one) => message(11, one)),
    ...outputs.map((one) => message(12, one)),
  ];
  const properties = Object.entries(metadata).map(([key, value]) => message(14, [text(1, key), text(2, value)]));
  return Buffer.concat([
    integer(1, IR_VERSION),
    ...[text(2, name), text(3, version), text(6, about)],
    message(7, graph),
    message(8, [text(1, ""), integer(2, OPSET)]),
    ...properties,
  ]);
}
