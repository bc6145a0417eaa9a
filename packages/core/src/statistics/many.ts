/** Of this many components or more, most are far from any given tile, and their M-step takes a while. */
const MANY = 256;

/**
 * Whether components are many. A step then has rows of those with points in a block instead of a slot for all, looks closer
 * at some of them alone and lets other work in between its passes, and evaluations find out which ones a tile needs.
 */
export function areMany(components: number): boolean {
  return components >= MANY;
}
