import type { Frame } from "./frame.ts";

const GRID = 96;

/**
 * Densities above which each share of the mass lies, ascending: the outlines of the smallest regions that hold that share.
 * in: shares, of the mass inside the two frames
 */
export function regionLevels(
  density: (x: number, y: number) => number,
  x: Frame,
  y: Frame,
  shares: readonly number[],
): number[] {
  const heights = new Float64Array(GRID * GRID);
  const at = ({ low, high }: Frame, i: number) => low + ((i + 0.5) / GRID) * (high - low);
  for (let i = 0; i < heights.length; i++) heights[i] = density(at(x, i % GRID), at(y, Math.floor(i / GRID)));
  heights.sort();
  const total = heights.reduce((sum, height) => sum + height, 0);
  return shares.map((share) => levelOf(heights, share * total)).sort((a, b) => a - b);
}

/** in: heights, ascending; mass, of the cells from the highest down */
function levelOf(heights: Float64Array, mass: number): number {
  let at = heights.length - 1;
  for (let sum = heights[at]; sum < mass && at > 0; sum += heights[--at]);
  return heights[at];
}
