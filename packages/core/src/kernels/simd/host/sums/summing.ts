import { RUN, SUMMED } from "../../language/lists.ts";
import type { Instance, MeasuredComponents } from "../instance.ts";
import type { Totals } from "./totals.ts";

const RUN_FIELDS = RUN.bytes / 4;
const TILES_OF_MASK = 32;
/** The first run: all points of the group. */
const WHOLE_GROUP = { first: 0, end: RUN_FIELDS };

/** Tells M which components to measure, and at which points of the group. */
export class Summing {
  readonly #instance: Instance;
  readonly #totals: Totals;
  readonly #runs: Int32Array;
  readonly #allEntries: Int32Array;
  readonly #someEntries: Int32Array;
  /** k, 0 between calls */
  readonly #masks: Uint32Array;
  readonly #every: Int32Array;
  /** k: which of them have a label, first in the order of the points */
  readonly #found: Int32Array;

  constructor(instance: Instance, totals: Totals) {
    const { memory, shape, integers } = instance;
    const entries = (start: number) => integers(start, shape.components * (SUMMED.bytes / 4));
    this.#instance = instance;
    this.#totals = totals;
    this.#runs = integers(memory.runs, memory.runsLength * RUN_FIELDS);
    this.#allEntries = entries(memory.allSummed);
    this.#someEntries = entries(memory.someSummed);
    this.#masks = new Uint32Array(instance.shape.components);
    this.#every = Int32Array.from(this.#masks.keys());
    this.#found = new Int32Array(this.#masks.length);
  }

  /** Every component that is measured, at all points of a group. */
  all(): MeasuredComponents {
    return this.#write(this.#allEntries, this.#every, () => WHOLE_GROUP);
  }

  /**
   * Some components, each at the points of some tiles.
   * in: components, rising; tiles, how many there are in the group; masks, k: bit t for tile t of the group
   */
  some(components: Int32Array, tiles: number, masks: Uint32Array): MeasuredComponents {
    const whole = tiles === TILES_OF_MASK ? 2 ** TILES_OF_MASK - 1 : (1 << tiles) - 1;
    let next = RUN_FIELDS;
    return this.#write(this.#someEntries, components, (component) => {
      if (masks[component] === whole) return WHOLE_GROUP;
      const first = next;
      next = this.#writeRuns(masks[component], first);
      return { first, end: next };
    });
  }

  /** The components of some labels, each at the points of the tiles that it has. in: labels of a group */
  ofLabels(labels: Int32Array): MeasuredComponents {
    const masks = this.#masks;
    const { tileSize } = this.#instance.shape;
    const found = this.#found;
    let count = 0;
    for (let i = 0; i < labels.length; i++) {
      if (masks[labels[i]] === 0) found[count++] = labels[i];
      masks[labels[i]] |= 1 << Math.floor(i / tileSize);
    }
    const components = found.subarray(0, count).sort();
    const summed = this.some(components, Math.ceil(labels.length / tileSize), masks);
    for (const component of components) masks[component] = 0;
    return summed;
  }

  /** Neighbouring tiles make one run. out: where the runs end */
  #writeRuns(mask: number, start: number): number {
    const { memory, shape, bytes } = this.#instance;
    const runs = this.#runs;
    const pointBytes = shape.features * bytes;
    let end = start;
    for (let tile = 0, rest = mask; rest !== 0; end += RUN_FIELDS) {
      const gap = trailingZeros(rest);
      const tiles = trailingZeros(~(rest >>> gap));
      const from = (tile + gap) * shape.tileSize;
      const points = memory.points + from * pointBytes;
      runs[end + RUN.points / 4] = points;
      runs[end + RUN.pointsEnd / 4] = points + tiles * shape.tileSize * pointBytes;
      runs[end + RUN.offset / 4] = from * 8;
      tile += gap + tiles;
      rest = gap + tiles < TILES_OF_MASK ? rest >>> (gap + tiles) : 0;
    }
    return end;
  }

  /** First the components without a frame, then those with one, both rising. in: runsOf: indices into the runs */
  #write(
    entries: Int32Array,
    components: Int32Array,
    runsOf: (component: number) => { first: number; end: number },
  ): MeasuredComponents {
    const { measured, memory, form } = this.#instance;
    let at = 0;
    const add = (component: number) => {
      const runs = runsOf(component);
      entries[at + SUMMED.component / 4] = memory.measured + component * form.component.bytes;
      entries[at + SUMMED.row / 4] = memory.joint + component * memory.jointStride;
      entries[at + SUMMED.sums / 4] = this.#totals.addressOf(component);
      entries[at + SUMMED.runs / 4] = memory.runs + runs.first * 4;
      entries[at + SUMMED.runsEnd / 4] = memory.runs + runs.end * 4;
      at += SUMMED.bytes / 4;
    };
    const addKind = (flag: number): number => {
      for (const component of components) if (measured[component] === flag) add(component);
      return entries.byteOffset + at * 4;
    };
    const plainEnd = addKind(0);
    const framedEnd = addKind(1);
    return { plain: { start: entries.byteOffset, end: plainEnd }, framed: { start: plainEnd, end: framedEnd } };
  }
}

function trailingZeros(bits: number): number {
  return bits === 0 ? TILES_OF_MASK : 31 - Math.clz32(bits & -bits);
}
