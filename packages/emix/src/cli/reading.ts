import { type Reading, readingLine } from "@emix/io";
import type { Command } from "commander";
import { inFlags } from "./flags.ts";

export interface QuietFlag {
  readonly quiet?: boolean;
}

export function withQuietFlag(command: Command): Command {
  return command.option("-q, --quiet", "print only errors and warnings about numbers on standard error");
}

/** What a reader must know of numbers even where nothing else is said. */
function warningsOf({ notes, like }: Reading): readonly string[] {
  return like === false
    ? [...notes, "it is not written as the points of the model were, and is read as it looks"]
    : notes;
}

/** Says in a line on standard error what was read; if quiet, only what makes other numbers of those in the file. */
export function sayWhatWasRead(reading: Reading, { quiet = false }: QuietFlag): void {
  const lines = quiet
    ? warningsOf(reading).map((note) => `emix: ${reading.paths[0]}: ${note}`)
    : [readingLine(reading)];
  for (const line of lines) process.stderr.write(`${inFlags(line)}\n`);
}
