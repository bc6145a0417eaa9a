import { triangleLength } from "../../../linear-algebra/triangle.ts";
import type { KernelShape } from "../../kernel.ts";
import { ENTRIES, ENTRY } from "../arithmetic/survivors.ts";
import { FREE_BYTES } from "../language/constants.ts";
import { ASKED, LISTED, RUN, SUMMED } from "../language/lists.ts";
import { type Measures, WHOLE_BYTES } from "../language/setting.ts";
import type { Form } from "./form.ts";
import { ballBytes, ROW_BYTES, SIDE_BY_SIDE, sieveLayout, siftedBytes, siftingBytes } from "./sieve.ts";

// The private memory of a kernel: first what has a fixed address in the module, then what depends on k.

/** Hands out addresses one after the other, each at the start of a cache line or of a larger unit. */
export class Region {
  #end: number;

  constructor(start: number) {
    this.#end = start;
  }

  take(bytes: number, unit: number = CACHE_LINE): number {
    const start = Math.ceil(this.#end / unit) * unit;
    this.#end = Math.ceil((start + bytes) / CACHE_LINE) * CACHE_LINE;
    return start;
  }

  get end(): number {
    return this.#end;
  }
}

const CACHE_LINE = 64;

/** Fixed addresses of a module. */
export interface Scratch {
  /** x − μ of a strip of points */
  readonly centred: number;
  /** rows of u = √r (x − μ) of a chunk of points, `rowBytes` apart; in a frame, first of x */
  readonly u: number;
  readonly rowBytes: number;
  /** vectors of points in a chunk */
  readonly chunk: number;
  /** s and S of one component over a group of tiles */
  readonly sums: number;
  readonly end: number;
}

/** in: strip, vectors of points side by side in E. A chunk of M is as long as a tile of f64, or two. */
export function scratchMemory({ features, tileSize, vectorBytes }: Measures, strip: number): Scratch {
  const region = new Region(FREE_BYTES);
  const rowBytes = tileSize * (vectorBytes / 2);
  const centred = region.take(features * strip * vectorBytes);
  const u = region.take(features * rowBytes);
  const sums = region.take((features + triangleLength(features)) * vectorBytes);
  return { centred, u, rowBytes, chunk: rowBytes / vectorBytes, sums, end: region.end };
}

/** Points whose sums are chained before they are added to the totals; the number is part of a kernel's bits. */
const GROUP_POINTS = 512;
/** Bytes that the responsibilities of a group may take. */
const JOINT_BYTES = 2 ** 18;

/** Components of a sieve that are asked about a tile together. */
export const ASKED_AT_ONCE = 32;

/** Addresses that depend on k. */
export interface KernelMemory {
  /** points of a group of tiles */
  readonly groupPoints: number;
  /** k components' numbers, then the shared ones */
  readonly components: number;
  readonly shared: number;
  /** the same as M measures by them: pivots, and frames in the place of factors; biases are 0 */
  readonly measured: number;
  readonly measuredShared: number;
  /** the tiles of a group, as they are stored, and then whitened */
  readonly points: number;
  readonly whitened: number;
  /** the weight of each point of a group */
  readonly weights: number;
  readonly scales: number;
  readonly logDensities: number;
  readonly references: number;
  /** survivors of a group */
  readonly list: number;
  /** k rows of numbers, one for each point of a group, `jointStride` bytes apart */
  readonly joint: number;
  readonly jointStride: number;
  /** lists of components (language/lists.ts): all of them, and some */
  readonly all: number;
  readonly some: number;
  /** a mark of 32 bits for each entry of a list */
  readonly marks: number;
  /** lists of components that M measures, with all points of a group or with some, and runs of points: first all */
  readonly allSummed: number;
  readonly someSummed: number;
  readonly runs: number;
  readonly runsLength: number;
  /**
   * forms/sieve.ts: k components in eights; a tile and its group as balls; what a sieve leaves of all components, and its room;
   * the way from the centre of the group to that of the tile, and by how many nats components may reach either; points of a
   * tile from the centre of the group, and their references, in 32 bits; components that are asked about them
   */
  readonly sieve: number;
  readonly tile: number;
  readonly group: number;
  readonly sifted: number;
  readonly sifting: number;
  readonly between: number;
  readonly margins: number;
  readonly centred: number;
  readonly singles: number;
  readonly asked: number;
  /** what a routine hands back: two vectors */
  readonly bounds: number;
  /** log-likelihood and weight of a group, a whole vector each */
  readonly chains: number;
  /** log-likelihood, weight; k components' sums; shared sums: a whole vector each */
  readonly totals: number;
  readonly sums: number;
  readonly sharedSums: number;
  readonly totalsLength: number;
  readonly end: number;
}

export function kernelMemory({ components }: KernelShape, form: Form, measures: Measures): KernelMemory {
  const { features, tileSize, bytes, vectorBytes } = measures;
  const tiles = Math.floor(Math.min(GROUP_POINTS, JOINT_BYTES / (8 * components)) / tileSize);
  const groupPoints = Math.max(1, tiles) * tileSize;
  const totalsLength = 2 + components * form.sums + form.sharedSums;
  // One cache line more than its points: rows whose distance is a power of two would share a few places of the cache.
  const jointStride = groupPoints * 8 + CACHE_LINE;
  const runsLength = 1 + components * Math.ceil(groupPoints / tileSize / 2);
  const region = new Region(form.scratchEnd);
  const eights = Math.ceil(components / SIDE_BY_SIDE);
  const listUnit = ENTRIES * ENTRY.bytes;
  const totals = region.take(totalsLength * WHOLE_BYTES);
  return {
    groupPoints,
    components: region.take(components * form.component.bytes),
    shared: region.take(form.shared?.bytes ?? 0),
    measured: region.take(components * form.component.bytes),
    measuredShared: region.take(form.shared?.bytes ?? 0),
    points: region.take(groupPoints * features * bytes),
    whitened: region.take(form.shared === null ? 0 : groupPoints * features * bytes),
    weights: region.take(groupPoints * 8),
    scales: region.take(groupPoints * 8),
    logDensities: region.take(groupPoints * 8),
    references: region.take(groupPoints * 8),
    all: region.take(components * LISTED.bytes),
    some: region.take(components * LISTED.bytes),
    marks: region.take(components * 4),
    allSummed: region.take(components * SUMMED.bytes),
    someSummed: region.take(components * SUMMED.bytes),
    runs: region.take(runsLength * RUN.bytes),
    runsLength,
    sieve: region.take(eights * sieveLayout(features, form.matrix).bytes),
    tile: region.take(ballBytes(features)),
    group: region.take(ballBytes(features)),
    sifted: region.take(eights * siftedBytes(features)),
    sifting: region.take(siftingBytes(features)),
    between: region.take(features * 8),
    margins: region.take(eights * ROW_BYTES),
    centred: region.take(tileSize * features * 4),
    singles: region.take(tileSize * 4),
    asked: region.take(ASKED_AT_ONCE * ASKED.bytes),
    bounds: region.take(2 * vectorBytes),
    chains: region.take(2 * WHOLE_BYTES),
    list: region.take(((groupPoints * bytes) / WHOLE_BYTES) * ENTRY.bytes + listUnit, listUnit),
    joint: region.take(components * jointStride),
    jointStride,
    totals,
    sums: totals + 2 * WHOLE_BYTES,
    sharedSums: totals + (2 + components * form.sums) * WHOLE_BYTES,
    totalsLength,
    end: region.end,
  };
}
