import { badExpression, noNumericColumns, notNumeric, repeatedColumn, sqlRefused, unknownColumn } from "./errors.ts";
import { leftOut, leftOutWords } from "./left-out.ts";
import { nearest } from "./nearest.ts";
import { isUsable, type Source, type Table } from "./table.ts";

/** What a feature, or the weight, is called and where it comes from. */
export interface ChosenColumn {
  readonly name: string;
  readonly source: Source;
  /** as `FileOptions.columns` takes it */
  readonly as: string;
}

export interface ColumnChoice {
  /** As `FileOptions.columns`. */
  readonly columns: readonly string[] | undefined;
  /** As `FileOptions.weightColumn`. */
  readonly weightColumn: string | undefined;
  /** As `FileOptions.sql`. */
  readonly sql: boolean;
}

export interface ColumnsToRead {
  /** d, in the order of the points' coordinates */
  readonly features: readonly ChosenColumn[];
  readonly weight: ChosenColumn | null;
  /** columns that the caller left out by name */
  readonly excluded: ReadonlySet<number>;
}

/**
 * What to read of a table.
 * @throws UNKNOWN_COLUMN, INVALID_OPTION, BAD_FILE (nothing numeric)
 */
export function chooseColumns(table: Table, choice: ColumnChoice): ColumnsToRead {
  const given = choice.columns ?? [];
  const excluded = new Set(given.flatMap((text) => excludedBy(table, text) ?? []));
  const included = given.filter((text) => excludedBy(table, text) === null);
  const weight = choice.weightColumn === undefined ? null : weightOf(table, choice.weightColumn, choice.sql);
  const chosen = included.flatMap((text) => resolve(table, text, choice.sql));
  const all = included.length > 0 ? chosen : everyNumeric(table, weight);
  const features = all.filter(({ source }) => !("column" in source) || !excluded.has(source.column));
  if (features.length === 0) throw noNumericColumns(table.path, namesOf(table), whyNot(table, excluded));
  refuseRepeats(weight === null ? features : [...features, weight]);
  return { features, weight, excluded };
}

/** Of each column, in words: why no feature comes from it. */
function whyNot({ columns }: Table, excluded: ReadonlySet<number>): string[] {
  return columns.map((column, index) => leftOutWords(leftOut(column, excluded.has(index))));
}

function namesOf({ columns }: Table): string[] {
  return columns.map(({ name }) => name);
}

function weightOf(table: Table, text: string, sql: boolean): ChosenColumn {
  const found = resolve(table, text, sql);
  if (found.length !== 1) throw notNumeric(table.path, { name: text, type: `${found.length} columns` });
  return found[0];
}

/** Every column of numbers but row numbers. */
function everyNumeric(table: Table, weight: ChosenColumn | null): ChosenColumn[] {
  const ofWeight = weight !== null && "column" in weight.source ? weight.source.column : -1;
  return table.columns.flatMap((column, index) =>
    isUsable(column) && !column.rowNumber && index !== ofWeight ? featuresOf(table, index) : [],
  );
}

/** The columns that "-name" or "-pattern" leaves out; null where the text is no such thing. */
function excludedBy(table: Table, text: string): number[] | null {
  if (!text.startsWith("-") || text.includes("=") || namesOf(table).includes(text)) return null;
  const found = matching(table, text.slice(1));
  if (found.length === 0) throw unknownName(table, text.slice(1));
  return found;
}

/** Columns of this name, or that this pattern matches. */
function matching({ columns }: Table, text: string): number[] {
  const exact = columns.findIndex(({ name }) => name === text);
  if (exact >= 0) return [exact];
  if (!/[*?]/.test(text)) return [];
  return columns.flatMap(({ name }, index) => (matches(name, text) ? [index] : []));
}

/**
 * Whether * for any text and ? for any character make a name of a pattern, in time that no pattern makes long, as one with
 * many stars would a regular expression.
 */
function matches(name: string, pattern: string): boolean {
  let [at, place] = [0, 0];
  // behind the last star, and where in the name its text ends
  let [behind, end] = [-1, 0];
  while (at < name.length) {
    if (pattern[place] === "*") [behind, end] = [++place, at];
    else if (pattern[place] === "?" || pattern[place] === name[at]) [at, place] = [at + 1, place + 1];
    else if (behind >= 0) [at, place] = [++end, behind];
    else return false;
  }
  while (pattern[place] === "*") place++;
  return place === pattern.length;
}

/** A name, a pattern, an element of a list, name=other, or name=SQL; whatever is a column's whole name is that column. */
function resolve(table: Table, text: string, sql: boolean): ChosenColumn[] {
  const found = matching(table, text);
  if (found.length === 1 && table.columns[found[0]].name === text) return ofColumn(table, found[0]);
  const element = elementOf(table, text, text);
  if (element !== null) return [element];
  const equals = text.indexOf("=");
  if (equals >= 0) return [derivedColumn(table, text, equals, sql)];
  const usable = found.filter((index) => isUsable(table.columns[index]));
  if (found.length > 0 && usable.length === 0)
    throw notNumeric(table.path, { name: text, type: table.columns[found[0]].type });
  if (usable.length === 0) throw unknownName(table, text);
  return usable.flatMap((index) => featuresOf(table, index));
}

function unknownName(table: Table, text: string): Error {
  const known = namesOf(table);
  return unknownColumn(table.path, text, known, nearest(text, known));
}

function ofColumn(table: Table, index: number): ChosenColumn[] {
  const column = table.columns[index];
  if (!isUsable(column) && column.kind !== "empty") throw notNumeric(table.path, column);
  return featuresOf(table, index);
}

/** One feature, or of a list of numbers one for each of them: name[0], name[1], … */
function featuresOf({ columns }: Table, index: number): ChosenColumn[] {
  const { name, kind, length } = columns[index];
  if (kind !== "list") return [{ name, source: { column: index, element: null }, as: name }];
  return Array.from({ length }, (_, element) => {
    const as = `${name}[${element}]`;
    return { name: as, source: { column: index, element }, as };
  });
}

/** "name[3]", of a column of lists. */
function elementOf(table: Table, text: string, as: string): ChosenColumn | null {
  const match = /^(.*)\[(\d+)\]$/s.exec(text);
  const index = match === null ? -1 : table.columns.findIndex(({ name, kind }) => kind === "list" && name === match[1]);
  if (match === null || index < 0 || Number(match[2]) >= table.columns[index].length) return null;
  return { name: text, source: { column: index, element: Number(match[2]) }, as };
}

/** "name=other" or "name=SQL". */
function derivedColumn(table: Table, text: string, equals: number, sql: boolean): ChosenColumn {
  const name = text.slice(0, equals).trim();
  const rest = text.slice(equals + 1).trim();
  if (name === "" || rest === "") throw badExpression(text, "a name or an expression is missing");
  const as = `${name}=${rest}`;
  const element = elementOf(table, rest, as);
  if (element !== null) return { ...element, name };
  const index = table.columns.findIndex((column) => column.name === rest);
  if (index >= 0 && table.columns[index].kind !== "list" && isUsable(table.columns[index])) {
    return { name, source: { column: index, element: null }, as };
  }
  if (!sql) throw sqlRefused(as);
  return { name, source: { name, expression: rest }, as };
}

function refuseRepeats(columns: readonly ChosenColumn[]): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw repeatedColumn(name);
    seen.add(name);
  }
}
