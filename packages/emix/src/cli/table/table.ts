import { greatest } from "@emix/core";

/** Rows of cells → lines that leave a terminal as it is, with columns aligned to the right and a rule below the first row, which is the heading. */
export function table(rows: readonly (readonly string[])[]): string {
  const [heading, ...body] = rows.map((row) => row.map((cell) => cell.replace(/\p{Cc}/gu, "\ufffd")));
  const widths = heading.map((_, column) => greatest([heading, ...body].map((row) => row[column].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padStart(widths[column]))
      .join("  ")
      .trimEnd();
  return [line(heading), widths.map((width) => "─".repeat(width)).join("──"), ...body.map(line)].join("\n");
}
