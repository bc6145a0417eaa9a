import type { Setting } from "./form.ts";
import { type Address, promoted, set, store, type Variable, type Vector, vector } from "./wasm.ts";

/** Adds sums to one total, one after the other. */
export function addAllTo({ lanes, wide }: Setting, total: Address, sums: readonly Variable<"v128">[]): void {
  const added = vector(wide.load(total));
  for (const sum of sums) set(added, wide.add(added, lanes === wide ? sum : wide.add(...promoted(sum))));
  store(total, added);
}

/** Adds a sum of the arithmetic to an f64 total. */
export function addTo({ lanes, wide }: Setting, total: Address, sum: Variable<"v128">): void {
  const added: Vector = lanes === wide ? sum : wide.add(...promoted(sum));
  store(total, wide.add(wide.load(total), added));
}
