import { EmixError } from "@emix/core";
import { abortedReading, badExpression, badFile, memoryExhausted, unknownColumn } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { Expression } from "../sql/expressions.ts";

/** DuckDB's failure to read a file, as one line of ours. */
export function readFailure(path: string, error: unknown): EmixError {
  if (error instanceof EmixError) return error;
  const message = messageOf(error);
  if (message.startsWith("INTERRUPT Error")) return abortedReading(path);
  if (message.startsWith("Out of Memory Error")) return memoryExhausted(path, error);
  return badFile(path, `DuckDB says: ${essence(message)}`, {}, error);
}

/** Why DuckDB does not take an expression. */
export function expressionFailure(
  path: string,
  { name, expression }: Expression,
  known: readonly string[],
  error: unknown,
): EmixError {
  const message = messageOf(error);
  const unknown = /^Binder Error: Referenced column "([^\n]*)" not found/.exec(message)?.[1];
  if (unknown !== undefined) return unknownColumn(path, unknown, known, nearest(unknown, known));
  return badExpression(shownAs({ name, expression }), `DuckDB says: ${essence(message)}`, error);
}

/** Why an expression fails on some row, by the column that fails when read alone. */
export function valueFailure(path: string, { name, expression }: Expression, error: unknown): EmixError {
  const ofFile = readFailure(path, error);
  if (ofFile.code !== "BAD_FILE") return ofFile;
  const problem = `DuckDB says: ${essence(messageOf(error))}; try(…) around it makes such rows missing values`;
  return badExpression(shownAs({ name, expression }), problem, error);
}

function shownAs({ name, expression }: Expression): string {
  return `${name}=${expression}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The part of DuckDB's message above its hints and its view of the SQL, without the kind of error and the last dot. */
function essence(message: string): string {
  const [head] = message.trim().split(/\n\s*\n|\nLINE |\nPossible /);
  return head.replace(/^[A-Z][\w ]* Error: /, "").replace(/[.!]$/, "");
}
