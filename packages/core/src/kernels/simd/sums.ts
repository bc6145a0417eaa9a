import { type Address, type Lanes, load, store, type Vector } from "./wasm.ts";

export function addTo(lanes: Lanes, place: Address, sum: Vector): void {
  store(place, lanes.add(load(place), sum));
}
