import { type OutputTable, printTable, type TableFormat, tableFormatOf, writeTable } from "@emix/io";
import type { Command } from "commander";
import { Option } from "commander";
import { outputTo } from "../output-to.ts";

/** Where the rows of a command go. */
export interface RowOutput {
  readonly output?: string;
  readonly json?: boolean;
}

export function withRowOutput(command: Command): Command {
  return command
    .option(
      "-o, --output <file>",
      "write a file, by its ending: .csv, .ndjson, .parquet, .arrow (default: CSV, printed)",
    )
    .addOption(new Option("--json", "print a JSON object a line").conflicts("output"));
}

/** To be asked before long work. @throws UNKNOWN_FORMAT */
export function rowFormatOf({ output = "-", json = false }: RowOutput): TableFormat {
  if (output !== "-") return tableFormatOf(output);
  return json ? "ndjson" : "csv";
}

/** Prints rows, or writes them to a file and says so. in: inputs, files that must not be written over; count of rows */
export async function writeRows(
  table: OutputTable,
  flags: RowOutput,
  { inputs, count }: { readonly inputs: readonly string[]; readonly count: number },
): Promise<void> {
  const { output = "-" } = flags;
  const format = rowFormatOf(flags);
  if (output === "-") return printTable(process.stdout, format === "ndjson" ? "ndjson" : "csv", table);
  await outputTo(output, inputs, (temporary) => writeTable(temporary, format, table));
  process.stderr.write(`emix: wrote ${count.toLocaleString("en-US")} rows to ${output}\n`);
}
