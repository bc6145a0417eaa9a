import { type Attributes, doubles, flags, integers, node } from "./messages.ts";
import type { Message } from "./protobuf.ts";

/** The operations of a graph in the order they run in, and its constants. Values go by their names. */
export class GraphBuilder {
  readonly nodes: Message[] = [];
  readonly constants: Message[] = [];

  /** out: the name of the result */
  add(output: string, operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    this.nodes.push(node({ operator, inputs, output, attributes }));
    return output;
  }

  doubles(name: string, shape: readonly number[], values: Float64Array): string {
    this.constants.push(doubles(name, shape, values));
    return name;
  }

  number(name: string, value: number): string {
    return this.doubles(name, [], Float64Array.of(value));
  }

  integers(name: string, values: readonly number[]): string {
    this.constants.push(integers(name, values));
    return name;
  }

  flags(name: string, values: readonly boolean[]): string {
    this.constants.push(flags(name, values));
    return name;
  }
}
