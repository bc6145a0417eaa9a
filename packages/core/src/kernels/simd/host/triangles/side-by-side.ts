import { WHOLE_BYTES } from "../../language/setting.ts";

/** Components side by side: one in each lane of a vector. */
export const LANES: number = WHOLE_BYTES / 8;

/** Components that take part together; the last one is repeated where there are fewer than lanes. */
export type Group = readonly number[];

/** Components for which the condition holds, as many at a time as there are lanes. */
export function forGroups(
  components: number,
  isAsked: (component: number) => boolean,
  use: (group: Group) => void,
): void {
  let group: number[] = [];
  for (let component = 0; component < components; component++) {
    if (isAsked(component)) group.push(component);
    if (group.length < LANES && (component < components - 1 || group.length === 0)) continue;
    while (group.length < LANES) group.push(group[group.length - 1]);
    use(group);
    group = [];
  }
}

/** Numbers of components side by side: so many vectors at an address. */
export class SideBySide {
  readonly address: number;
  readonly numbers: Float64Array;
  readonly #width: number;

  constructor(buffer: ArrayBuffer, address: number, width: number) {
    this.address = address;
    this.numbers = new Float64Array(buffer, address, width * LANES);
    this.#width = width;
  }

  /** in: from, as many numbers of each component */
  take(from: Float64Array, component: number, lane: number): void {
    const width = this.#width;
    for (let i = 0, at = lane, source = component * width; i < width; i++, at += LANES)
      this.numbers[at] = from[source + i];
  }

  give(lane: number, to: Float64Array, component: number): void {
    const width = this.#width;
    for (let i = 0, at = lane, target = component * width; i < width; i++, at += LANES)
      to[target + i] = this.numbers[at];
  }
}
