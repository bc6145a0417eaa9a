/** Colours of groups; later groups have them again, with other dashes. */
export const COLOURS = 8;
const DASHES = ["", "6 3", "2 3", "9 3 2 3"];

/** As a property of the page, so that a drawing follows the theme. */
export function groupColour(group: number): string {
  return `var(--group-${group % COLOURS})`;
}

/** in: group; out: its stroke-dasharray, "" for a solid line */
export function groupDash(group: number): string {
  return DASHES[Math.floor(group / COLOURS) % DASHES.length];
}
