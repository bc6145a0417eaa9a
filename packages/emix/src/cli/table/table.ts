import { greatest } from "@emix/core";

/** Rows of cells → lines, with columns aligned to the right and a rule below the first row, which is the heading. */
export function table(rows: readonly (readonly string[])[]): string {
  const [heading, ...body] = rows;
  const widths = heading.map((_, column) => greatest(rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padStart(widths[column]))
      .join("  ")
      .trimEnd();
  return [line(heading), widths.map((width) => "─".repeat(width)).join("──"), ...body.map(line)].join("\n");
}
