import { groupThousands, type OutputTable, printTable, tableFormatOf, writeTable } from "@emix/io";
import { type Command, Option } from "commander";
import { openOutputs } from "../outputs/output.ts";
import type { QuietFlag } from "../reading.ts";

/** Where the rows of a command go. */
export interface RowFlags {
  readonly output?: string;
  readonly json?: boolean;
}

export function withRowFlags(command: Command): Command {
  return command
    .option(
      "-o, --output <file>",
      "file to write, in the format of its ending: .csv, .ndjson, .parquet, .arrow (default: print CSV)",
    )
    .addOption(new Option("--json", "print a JSON object a line").conflicts("output"));
}

export interface RowOutput {
  /** Prints rows, or writes them to a file and says so on standard error. in: count, how many there are */
  write(table: OutputTable, count: number): Promise<void>;
}

/**
 * Finds out before any work begins whether rows can be written. in: inputs, paths that are read
 * @throws UNKNOWN_FORMAT, BAD_FILE, INVALID_OPTION (an output that is an input)
 */
export async function openRowOutput(
  { output = "-", json = false, quiet = false }: RowFlags & QuietFlag,
  inputs: readonly string[],
): Promise<RowOutput> {
  const format = output === "-" ? "csv" : tableFormatOf(output);
  const [file] = await openOutputs([output], inputs);
  if (output === "-") return { write: (table) => printTable(process.stdout, json ? "ndjson" : "csv", table) };
  return {
    async write(table, count) {
      await file.stream((path) => writeTable(path, format, table));
      if (!quiet) process.stderr.write(`emix: wrote ${groupThousands(count)} rows to ${output}\n`);
    },
  };
}
