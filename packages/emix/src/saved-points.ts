import { EmixError, invalidOption, type Tiles } from "@emix/core";
import { type FileOptions, fingerprint, type Reading } from "@emix/io";
import { badSavedPoints, type LoadedPoints, type SavedPoints } from "@emix/workers";
import { LoadedFile } from "./loaded-file.ts";

/** The ending of files of saved points. */
const ENDING = ".tiles";

export function isSavedPoints(path: string | readonly string[]): path is string {
  return typeof path === "string" && path.toLowerCase().endsWith(ENDING);
}

/** @throws INVALID_OPTION */
export function requireSavedPath(path: unknown, option = "path"): void {
  if (typeof path !== "string" || !isSavedPoints(path)) {
    throw invalidOption(option, `the name of a file, which ends in ${ENDING}`, path);
  }
}

/** What a file of saved points says of them. */
interface SavedFacts {
  readonly fingerprint: string;
  /** null: they are from no file */
  readonly reading: Reading | null;
}

/** What is saved beside points: how their file was read, and their fingerprint, which takes as long as saving them. */
export function savedBeside(points: LoadedPoints): Pick<SavedPoints, "columns" | "about"> {
  const isFile = points instanceof LoadedFile;
  const print = (isFile ? points.fingerprint : undefined) ?? fingerprint(points.tiles);
  const about: SavedFacts = { fingerprint: print, reading: isFile ? points.reading : null };
  return { columns: isFile ? points.columns : null, about };
}

/** Options of `loadFile` that make sense of points that were read before. */
const KNOWN: ReadonlySet<string> = new Set(["columns", "transforms", "storage", "signal", "onProgress", "like", "sql"]);

/** @throws INVALID_OPTION */
export function requireSavedOptions(path: string, options: object): void {
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined || KNOWN.has(option)) continue;
    throw new EmixError(
      "INVALID_OPTION",
      `Expected \`${option}\` when the points of ${path} are saved, got it when they are loaded; leave it out, or load their source.`,
      { option, path },
    );
  }
}

/** in: columns, those asked for. @throws BAD_FILE, UNKNOWN_COLUMN */
export function savedFile(
  path: string,
  { tiles, columns, about }: SavedPoints,
  asked: FileOptions["columns"],
): LoadedFile {
  const { fingerprint: print, reading } = aboutOf(about, path);
  const names = columns ?? Array.from({ length: tiles.features }, (_, j) => `x${j}`);
  if (asked !== undefined) requireColumns(path, names, asked);
  const read = reading === null ? plainReading(tiles, names) : reading;
  return new LoadedFile(tiles, names, { ...read, paths: [path] }, print);
}

/** @throws BAD_FILE */
function aboutOf(about: unknown, path: string): SavedFacts {
  if (isAbout(about)) return about;
  throw badSavedPoints(path, "it does not say what was read");
}

function isAbout(value: unknown): value is SavedFacts {
  if (typeof value !== "object" || value === null) return false;
  const { fingerprint: print, reading } = value as Partial<SavedFacts>;
  return typeof print === "string" && (reading === null || isReading(reading));
}

/** Is it a reading as far as it is shown? */
function isReading(value: unknown): value is Reading {
  if (typeof value !== "object" || value === null) return false;
  const { columns, leftOut, notes, missing } = value as Partial<Reading>;
  const areLists = [columns, leftOut, notes].every((each) => Array.isArray(each) && !each.includes(null as never));
  return areLists && typeof missing === "object" && missing !== null;
}

function plainReading(tiles: Tiles, names: readonly string[]): Omit<Reading, "paths"> {
  const dropped = tiles.dropped?.length ?? 0;
  return {
    format: "tiles",
    rows: tiles.count + dropped,
    dropped,
    columns: names.map((name) => ({ name, from: name, kind: "number" })),
    weight: null,
    leftOut: [],
    text: null,
    missing: {},
    notes: [],
  };
}

/** @throws UNKNOWN_COLUMN */
function requireColumns(path: string, names: readonly string[], asked: readonly string[]): void {
  const plain = (columns: readonly string[]) => columns.map((column) => column.split("=", 1)[0]).join(", ");
  if (plain(asked) === plain(names)) return;
  throw new EmixError(
    "UNKNOWN_COLUMN",
    `Expected the columns of ${path}, which are ${plain(names)} in this order, got ${plain(asked)}; leave them out, or save the others.`,
    { path, known: names, columns: asked },
  );
}
