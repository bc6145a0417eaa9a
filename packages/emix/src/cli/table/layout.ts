import { greatest } from "@emix/core";
import { shareText } from "./cells.ts";
import type { Feature } from "./columns.ts";
import { table } from "./table.ts";

/** A row for each component, or where that is wider than the terminal, a row for each column of the points. */
export function mixtureTable(weights: Float64Array, features: readonly Feature[], width: number): string {
  const shares = [...weights].map(shareText);
  const rows = shares.map((share, component) => [
    `${component}`,
    share,
    ...features.map(({ cells }) => cells[component]),
  ]);
  const upright = table([["component", "share", ...features.map(({ name }) => name)], ...rows]);
  return widthOf(upright) <= width ? upright : transpose(shares, features, width);
}

/** With as many components side by side as the terminal is wide for, the others below them. */
function transpose(shares: readonly string[], features: readonly Feature[], width: number): string {
  const labels = ["component", "share", ...features.map(({ name }) => name)];
  const labelWidth = greatest(labels.map((label) => label.length));
  const columns = shares.map((share, component) => [
    `${component}`,
    share,
    ...features.map(({ cells }) => cells[component]),
  ]);
  return blocks(columns, width - labelWidth)
    .map((block) => table(labels.map((label, row) => [label, ...block.map((cells) => cells[row])])))
    .join("\n\n");
}

const GAP = 2;

/** Columns in groups that are no wider than this, one in each at least. */
function blocks(columns: readonly (readonly string[])[], width: number): (readonly string[])[][] {
  const all: (readonly string[])[][] = [];
  let left = 0;
  for (const cells of columns) {
    const needed = GAP + greatest(cells.map((cell) => cell.length));
    if (all.length === 0 || needed > left) {
      all.push([]);
      left = width;
    }
    all[all.length - 1].push(cells);
    left -= needed;
  }
  return all;
}

function widthOf(text: string): number {
  return text.indexOf("\n");
}
