import { EmixError, type ErrorCode } from "../errors.ts";

/** Errors that the numbers of one start can cause while another start succeeds. */
const NUMERICAL: ReadonlySet<ErrorCode> = new Set(["COLLAPSED_COMPONENT", "EMPTY_COMPONENT", "OVERFLOW", "UNDERFLOW"]);

export function isNumerical(error: unknown): error is EmixError {
  return error instanceof EmixError && NUMERICAL.has(error.code);
}

/** Adds the iteration to a numerical failure, 0 for the start. Any other error is returned as it is. */
export function inIteration(error: unknown, iteration: number): unknown {
  if (!isNumerical(error)) return error;
  const message = `${error.message.slice(0, -1)} (in iteration ${iteration}).`;
  return new EmixError(error.code, message, { ...error.details, iteration }, error.cause);
}
