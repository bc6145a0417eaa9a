import { badExpression, noNumericColumns, repeatedColumn, unknownColumn } from "./errors.ts";

/** A column that a caller chose: one of the file, or one derived from the file's columns by a SQL expression. */
export interface ChosenColumn {
  readonly name: string;
  /** null: the column of the file that has this name */
  readonly expression: string | null;
}

export interface ColumnChoice {
  /** As `FileOptions.columns`. */
  readonly columns: readonly string[] | undefined;
  /** As `FileOptions.weightColumn`. */
  readonly weightColumn: string | undefined;
}

export interface Chosen {
  /** d, in the order of the points' coordinates */
  readonly features: readonly ChosenColumn[];
  readonly weight: ChosenColumn | null;
}

/**
 * What to read of a file whose columns are `known`, of which `numeric` hold numbers.
 * @throws UNKNOWN_COLUMN, INVALID_OPTION, BAD_FILE (nothing numeric)
 */
export function chooseColumns(
  path: string,
  choice: ColumnChoice,
  known: readonly string[],
  numeric: readonly string[],
): Chosen {
  const resolve = (text: string) => resolveColumn(path, text, known);
  const weight = choice.weightColumn === undefined ? null : resolve(choice.weightColumn);
  const features = choice.columns?.map(resolve) ?? everyNumeric(path, known, numeric, weight);
  refuseRepeats(weight === null ? features : [...features, weight]);
  return { features, weight };
}

function everyNumeric(
  path: string,
  known: readonly string[],
  numeric: readonly string[],
  weight: ChosenColumn | null,
): ChosenColumn[] {
  const names = numeric.filter((name) => name !== weight?.name);
  if (names.length === 0) throw noNumericColumns(path, known);
  return names.map((name) => ({ name, expression: null }));
}

/** "name" or "name=SQL"; a column whose own name has an equals sign is taken at its name. */
function resolveColumn(path: string, text: string, known: readonly string[]): ChosenColumn {
  if (known.includes(text)) return { name: text, expression: null };
  const equals = text.indexOf("=");
  if (equals < 0) throw unknownColumn(path, text, known, nearest(text, known));
  const name = text.slice(0, equals).trim();
  const expression = text.slice(equals + 1).trim();
  if (name === "" || expression === "") throw badExpression(text, "a name or an expression is missing");
  return { name, expression };
}

function refuseRepeats(columns: readonly ChosenColumn[]): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw repeatedColumn(name);
    seen.add(name);
  }
}

/** The known name that `text` is probably a slip of, or null. */
export function nearest(text: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.ceil(text.length / 3) + 1;
  for (const name of known) {
    const distance = editDistance(text.toLowerCase(), name.toLowerCase(), least);
    if (distance < least) {
      best = name;
      least = distance;
    }
  }
  return best;
}

/** Insertions, deletions and replacements that turn a into b; `enough` or more where their lengths already say so. */
function editDistance(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = previous[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column] + 1, current[column - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}
