import { resolve } from "node:path";
import { type CsvHead, readCsvHead } from "./csv-head.ts";
import type { Database, TableColumn } from "./database.ts";
import { globLiteral, quoteName, quoteText } from "./sql.ts";
import type { Table } from "./table.ts";

/** Rows looked at to tell what a column holds. */
const SAMPLE = 20480;

/**
 * A CSV file as a table. Separator, quotes, header and types are settled here and told to DuckDB, whose own guessing
 * drops header lines and columns to make sense of a damaged file. A column is of numbers when at least half of its
 * first values are; it is then read as such, so that any other text in it is an error and never a NULL.
 */
export async function openCsv(database: Database, path: string, header: boolean | undefined): Promise<Table> {
  const head = await readCsvHead(path);
  const types = await sampleTypes(database, path, head);
  const hasHeader = header ?? looksLikeHeader(head.fields, types);
  const names = hasHeader ? uniqueNames(head.fields) : head.fields.map((_, column) => `column${column}`);
  const columns = names.map((name, column) => ({
    name,
    type: types[column] ?? typeOf(head.fields[column], hasHeader),
  }));
  const from = (numbers: readonly string[]) => readCsv(path, head, hasHeader, withNumbers(columns, numbers));
  return { columns, from };
}

function withNumbers(columns: readonly TableColumn[], numbers: readonly string[]): TableColumn[] {
  return columns.map(({ name, type }) => ({ name, type: numbers.includes(name) ? "DOUBLE" : type }));
}

function readCsv(path: string, head: CsvHead, header: boolean, columns: readonly TableColumn[]): string {
  const struct = columns.map(({ name, type }) => `${quoteText(name)}: ${quoteText(type)}`);
  const options = [
    `delim = ${quoteText(head.delimiter)}`,
    `skip = ${head.blankLines}`,
    `header = ${header}`,
    `columns = {${struct.join(", ")}}`,
    "auto_detect = false, quote = '\"', escape = '\"', comment = '', nullstr = ''",
    "strict_mode = true, null_padding = false, ignore_errors = false, hive_partitioning = false",
  ];
  return `read_csv(${quoteText(globLiteral(resolve(path)))}, ${options.join(", ")})`;
}

/** What the columns hold below the first record; null where there is no value. */
async function sampleTypes(database: Database, path: string, head: CsvHead): Promise<(string | null)[]> {
  const columns = head.fields.map((_, column) => ({ name: `c${column}`, type: "VARCHAR" }));
  const counts = columns.flatMap(({ name }) => [
    `count(${quoteName(name)})::DOUBLE`,
    `count(try_cast(${quoteName(name)} AS DOUBLE))::DOUBLE`,
    `count(try_cast(${quoteName(name)} AS TIMESTAMP))::DOUBLE`,
  ]);
  const rows = `(SELECT * FROM ${readCsv(path, head, true, columns)} LIMIT ${SAMPLE})`;
  const found = await database.numbers(`SELECT ${counts.join(", ")} FROM ${rows}`);
  return columns.map((_, column) => sampledType(found.slice(3 * column, 3 * column + 3)));
}

function sampledType([values, numbers, times]: number[]): string | null {
  if (values === 0) return null;
  if (2 * numbers >= values) return "DOUBLE";
  return times === values ? "TIMESTAMP" : "VARCHAR";
}

/** The type of a column that has no value below the first record. */
function typeOf(field: string, isName: boolean): string {
  return !isName && isNumber(field) ? "DOUBLE" : "VARCHAR";
}

/**
 * Whether the first record names the columns: by the columns of numbers, most of which it then has no number for;
 * where there are none, by itself.
 */
function looksLikeHeader(fields: readonly string[], types: readonly (string | null)[]): boolean {
  const telling = fields.filter((field, column) => types[column] === "DOUBLE" && field.trim() !== "");
  if (telling.length === 0) return !fields.some(isNumber);
  return telling.filter((field) => !isNumber(field)).length * 2 > telling.length;
}

function isNumber(field: string): boolean {
  const text = field.trim();
  return text !== "" && (Number.isFinite(Number(text)) || /^[+-]?(nan|inf|infinity)$/i.test(text));
}

/** Names that DuckDB can tell apart, which it does regardless of case: a, a_1, column2 for an empty one. */
function uniqueNames(fields: readonly string[]): string[] {
  const taken = new Set<string>();
  return fields.map((field, column) => {
    const base = field.trim() === "" ? `column${column}` : field.trim();
    let name = base;
    for (let suffix = 1; taken.has(name.toLowerCase()); suffix++) name = `${base}_${suffix}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
