import type { Cell, OutputTable } from "./output-table.ts";

/** RFC 4180, with LF and a header; an empty cell is a null. A number is the shortest text that reads back the same. */
export async function* csvText({ columns, batches }: OutputTable): AsyncGenerator<string> {
  yield `${columns.map(({ name }) => field(name)).join(",")}\n`;
  for await (const batch of batches) {
    let text = "";
    for (let row = 0; row < batch.rowCount; row++)
      text += `${batch.columns.map((cells) => field(cells[row])).join()}\n`;
    yield text;
  }
}

const SPECIAL = /[",\r\n]|^\s|\s$/;

function field(cell: Cell): string {
  if (typeof cell !== "string") return cell === null ? "" : String(cell);
  return SPECIAL.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
