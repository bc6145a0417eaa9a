import type { Stretches } from "../stretches.ts";
import { bisectionsOf } from "./bisections.ts";

/** An order of rows in which neighbours lie side by side, down to a few rows. in: rows, n × d. out: n indices */
export function* neighbourOrder(rows: Float64Array, features: number): Stretches<Uint32Array> {
  const size = rows.length / features;
  const order = new Uint32Array(size);
  const [means, scales] = [new Float64Array(features), new Float64Array(features).fill(1)];
  yield* bisectionsOf({ points: rows, size, means, scales }, order);
  return order;
}
