import { EmixError } from "@emix/core";
import type { FileOptions, Reading, ReadWatcher } from "@emix/io";
import type { Engine } from "../engine.ts";
import type { LoadedFile } from "../loaded-file.ts";
import { fileOptionsOf, type InputFlags, storageIn } from "./input-flags.ts";
import { type QuietFlag, sayWhatWasRead } from "./reading.ts";

export { type InputFlags as InputOptions, withInputOptions } from "./input-flags.ts";

/** The name of a column given as name or name=<SQL expression>. */
export function nameOf(column: string): string {
  const equals = column.indexOf("=");
  return equals < 0 ? column : column.slice(0, equals);
}

/** The points of a file, with what was found on the way. */
export interface Input {
  readonly points: LoadedFile;
  /** as given: names, or name=<SQL expression> */
  readonly columns: readonly string[];
  readonly dropped: number;
  /** what was read, for --json and the model */
  readonly reading: Reading;
}

/** Reads the points of a file and says in a line on standard error what it read. */
export async function readInput(
  engine: Engine,
  path: string,
  flags: InputFlags & ReadWatcher & QuietFlag,
): Promise<Input> {
  const points = await engine.loadFile(path, { ...fileOptionsOf(flags), ...storageIn(flags), ...watchingIn(flags) });
  sayWhatWasRead(points.reading, flags);
  return { points, columns: points.columns, dropped: points.dropped, reading: points.reading };
}

/** Who watches the reading of a file, among the flags of a command. */
export function watchingIn({ signal, onProgress }: ReadWatcher): Pick<FileOptions, "signal" | "onProgress"> {
  return { ...(signal && { signal }), ...(onProgress && { onProgress }) };
}

/**
 * The columns of a model in its order, each as the command line gives it. Those that it does not give are as the model
 * has them, if it gives some as name=other; a plain list must be whole, and is left as it is where it is not.
 * @throws INVALID_OPTION, for a name that the model does not have
 */
export function columnsFor(ofModel: readonly string[], given: readonly string[]): string[] {
  const names = ofModel.map(nameOf);
  for (const column of given) {
    if (names.includes(nameOf(column))) continue;
    throw new EmixError(
      "INVALID_OPTION",
      `Expected \`columns\` to be those of the model (${names.join(", ")}), got ${JSON.stringify(column)}; ` +
        `a column of another name is given as ${names[0]}=${column}.`,
      { option: "columns", column, known: names },
    );
  }
  const maps = given.length === 0 || given.some((column) => column.includes("="));
  if (!maps && given.length < names.length) return [...given];
  return ofModel.map((column) => given.find((each) => nameOf(each) === nameOf(column)) ?? column);
}
