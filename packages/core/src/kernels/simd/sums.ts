import type { Setting } from "./form.ts";
import { type Address, promoted, store, type Variable, type Vector } from "./wasm.ts";

/** Adds a sum of the arithmetic to an f64 total. */
export function addTo({ lanes, wide }: Setting, total: Address, sum: Variable<"v128">): void {
  const added: Vector = lanes === wide ? sum : wide.add(...promoted(sum));
  store(total, wide.add(wide.load(total), added));
}
