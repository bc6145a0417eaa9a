import { EmixError, type ErrorCode } from "../errors.ts";

/** What the numbers of one start may lead to, and those of another not. */
const NUMERICAL: ReadonlySet<ErrorCode> = new Set(["COLLAPSED_COMPONENT", "EMPTY_COMPONENT", "OVERFLOW", "UNDERFLOW"]);

export function isNumerical(error: unknown): error is EmixError {
  return error instanceof EmixError && NUMERICAL.has(error.code);
}

/** A numerical failure with the iteration that met it, 0 for the start; any other error as it is. */
export function inIteration(error: unknown, iteration: number): unknown {
  if (!isNumerical(error)) return error;
  const message = `${error.message.slice(0, -1)} (in iteration ${iteration}).`;
  return new EmixError(error.code, message, { ...error.details, iteration }, error.cause);
}
