import { powerOfTwo } from "../../elementary/binary.ts";
import { exponentOf } from "../../linear-algebra/powers-of-two.ts";
import { STRETCH, type Stretches } from "../stretches.ts";
import type { Tiles } from "../tiles.ts";

/** Fewer points are fitted before ordering them would pay. */
const LEAST_POINTS = 4096;
/** With more features, a sample that is small enough would say too little. */
const MOST_FEATURES = 2048;

/** One point of 32 is in the sample, up to a size. */
const SHARE = 1 / 32;
const MOST_POINTS = 2 ** 13;
const MOST_NUMBERS = 2 ** 19;
/** Points that are parted no further than by their leaves: once the sample is so large, one of 64 is in it. */
const ALONE = { share: 1 / 64, most: 2 ** 14 };

/** Up to this many features, leaves are compact, steps are cheap, and chunks would take longer than they save. */
const FEW_FEATURES = 4;

/** Whether neighbours in the order of the tree are parted further. */
export function arePartedFurther({ features }: Pick<Tiles, "features">): boolean {
  return features > FEW_FEATURES;
}

/** Whether points of this shape are ordered before they are fitted. */
export function areOrdered({ count, features }: { readonly count: number; readonly features: number }): boolean {
  return count >= LEAST_POINTS && features <= MOST_FEATURES;
}

/** The points, and the numbers, of a section. A larger section would have no larger sample. */
const SECTION_POINTS = 2 ** 20;
const SECTION_NUMBERS = 2 ** 24;

/** How many neighbouring points, in the caller's order, are ordered together: a power of two. */
export function pointsInSection(features: number): number {
  return Math.min(SECTION_POINTS, powerOfTwo(exponentOf(SECTION_NUMBERS / features)));
}

/** How many points say where the bisections lie: all of a few. */
export function sampleSize({ count, features }: Pick<Tiles, "count" | "features">): number {
  if (count < LEAST_POINTS) return count;
  const most = arePartedFurther({ features })
    ? MOST_POINTS
    : Math.max(MOST_POINTS, Math.min(count * ALONE.share, ALONE.most));
  return Math.floor(Math.min(count * SHARE, most, MOST_NUMBERS / features));
}

/** Sorts points by their leaf; those of a leaf stay in order. in: leaf of each point, n. out: order, n */
export function* sortByLeaf(leafOf: Uint16Array, leaves: number, order: Uint32Array): Stretches<void> {
  const places = new Uint32Array(leaves + 1);
  for (let first = 0; first < leafOf.length; first += STRETCH) {
    countLeaves(leafOf.subarray(first, first + STRETCH), places);
    yield;
  }
  for (let leaf = 0; leaf < leaves; leaf++) places[leaf + 1] += places[leaf];
  for (let first = 0; first < leafOf.length; first += STRETCH) {
    placeAll(leafOf.subarray(first, first + STRETCH), first, places, order);
    yield;
  }
}

/** in/out: places, those of leaf l counted at l + 1 */
function countLeaves(leafOf: Uint16Array, places: Uint32Array): void {
  for (let i = 0; i < leafOf.length; i++) places[leafOf[i] + 1]++;
}

/** in/out: places, where the next point of each leaf goes */
function placeAll(leafOf: Uint16Array, first: number, places: Uint32Array, order: Uint32Array): void {
  for (let i = 0; i < leafOf.length; i++) order[places[leafOf[i]]++] = first + i;
}

/** Puts the values of points in their order, in place. in/out: values, n at least */
export function* inOrder(values: Float64Array, order: Uint32Array): Stretches<void> {
  const before = new Float64Array(order.length);
  for (let first = 0; first < order.length; first += STRETCH) {
    before.set(values.subarray(first, Math.min(first + STRETCH, order.length)), first);
    yield;
  }
  for (let first = 0; first < order.length; first += STRETCH) {
    const part = order.subarray(first, first + STRETCH);
    for (let i = 0; i < part.length; i++) values[first + i] = before[part[i]];
    yield;
  }
}
