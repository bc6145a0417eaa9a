import { greatest } from "@emix/core";

const BLOCKS = " ▁▂▃▄▅▆▇█";
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Heights as block letters; the highest fills its letter. in: heights, none negative */
export function sparkline(heights: readonly number[], most: number = greatest(heights)): string {
  if (!(most > 0)) return " ".repeat(heights.length);
  return heights.map((height) => BLOCKS[Math.ceil(Math.min(1, height / most) * 8 - 0.25)] ?? " ").join("");
}

/** A share of 1 as a bar of so many letters, to an eighth of a letter; a share that is not 0 shows. */
export function bar(share: number, letters: number): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(Math.min(1, share) * letters * 8));
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}
