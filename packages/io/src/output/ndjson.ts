import type { Cell, OutputTable } from "./output-table.ts";

/** A JSON object a line. What JSON has no number for (±∞, NaN) is text. */
export async function* ndjsonText({ columns, batches }: OutputTable): AsyncGenerator<string> {
  const names = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  for await (const { rowCount, columns: cells } of batches) {
    let text = "";
    for (let row = 0; row < rowCount; row++) {
      text += `{${cells.map((column, index) => names[index] + value(column[row])).join()}}\n`;
    }
    yield text;
  }
}

function value(cell: Cell): string {
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : `"${cell}"`;
  return JSON.stringify(cell);
}
