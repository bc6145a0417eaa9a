import { EmixError } from "@emix/core";
import { type ChosenColumn, nearest } from "../columns.ts";
import { badExpression, badFile, memoryExhausted, unknownColumn } from "../errors.ts";
import { MEMORY_LIMIT } from "./database.ts";

/** DuckDB's failure to read a file, as one line of ours. */
export function readFailure(path: string, error: unknown): EmixError {
  if (error instanceof EmixError) return error;
  const message = messageOf(error);
  if (message.startsWith("Out of Memory Error")) return memoryExhausted(path, MEMORY_LIMIT, error);
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  if (line !== undefined) return badLine(path, Number(line), message, error);
  if (message.includes("CSV Parser state machine")) {
    return badFile(path, "its quotes are broken or its lines end in different ways; save it as plain CSV", {}, error);
  }
  return badFile(path, `DuckDB says: ${essence(message)}`, {}, error);
}

/** What is wrong with one line of a CSV file. */
function badLine(path: string, line: number, message: string, cause: unknown): EmixError {
  const text = /Error when converting column "([^\n]*)"\. Could not convert string "(.*?)" to '([^']*)'/s.exec(message);
  if (text !== null) return badText(path, line, text, cause);
  const width = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  if (width !== null) {
    const [expected, got] = [Number(width[1]), Number(width[2])];
    return badFile(path, `expected ${expected} values in line ${line}, got ${got}`, { line, expected, got }, cause);
  }
  if (message.includes("unterminated quote")) return badFile(path, `line ${line} has a stray quote`, { line }, cause);
  const longest = /Maximum line size of (\d+) bytes exceeded/.exec(message)?.[1];
  if (longest !== undefined) return badFile(path, `line ${line} is longer than ${longest} bytes`, { line }, cause);
  const said = message.slice(message.lastIndexOf("Original Line:")).split("\n").slice(1);
  return badFile(path, `line ${line}: ${essence(said.join("\n"))}`, { line }, cause);
}

function badText(path: string, line: number, [, column, value, type]: RegExpExecArray, cause: unknown): EmixError {
  const expected = type === "DOUBLE" ? "a number" : `a ${type}`;
  const shown = JSON.stringify(value.length <= 40 ? value : `${value.slice(0, 39)}…`);
  return badFile(
    path,
    `expected ${expected}, got ${shown} in line ${line}, column ${JSON.stringify(column)}; correct it or leave the column out`,
    { line, column, value },
    cause,
  );
}

/** Why DuckDB does not take an expression. */
export function expressionFailure(
  path: string,
  { name, expression }: ChosenColumn,
  known: readonly string[],
  error: unknown,
): EmixError {
  const message = messageOf(error);
  const unknown = /^Binder Error: Referenced column "([^\n]*)" not found/.exec(message)?.[1];
  if (unknown !== undefined) return unknownColumn(path, unknown, known, nearest(unknown, known));
  return badExpression(`${name}=${expression}`, `DuckDB says: ${essence(message)}`, error);
}

/** Why an expression fails on some row, by the column that fails when read alone. */
export function valueFailure(path: string, { name, expression }: ChosenColumn, error: unknown): EmixError {
  const ofFile = readFailure(path, error);
  if (expression === null || "line" in ofFile.details || ofFile.code !== "BAD_FILE") return ofFile;
  const problem = `DuckDB says: ${essence(messageOf(error))}; try(…) around it makes such rows missing values`;
  return badExpression(`${name}=${expression}`, problem, error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The part of DuckDB's message above its hints and its view of the SQL, without the kind of error and the last dot. */
function essence(message: string): string {
  const [head] = message.trim().split(/\n\s*\n|\nLINE |\nPossible /);
  return head.replace(/^[A-Z][\w ]* Error: /, "").replace(/[.!]$/, "");
}
