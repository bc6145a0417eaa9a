import type { Setting } from "./form.ts";
import { type Address, load, promotedHigh, promotedLow, store, type Vector } from "./wasm.ts";

/** Adds a sum of the arithmetic to an f64 total. */
export function addTo({ lanes, wide }: Setting, total: Address, sum: Vector): void {
  const added = lanes === wide ? sum : wide.add(promotedLow(sum), promotedHigh(sum));
  store(total, wide.add(load(total), added));
}
