import { EmixError } from "@emix/core";
import { expect } from "vitest";

/** Asserts that the call fails with this code and exactly this message; out: the error. */
export function expectFailure(call: () => unknown, code: string, message?: string | RegExp): EmixError {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  return checkFailure(thrown, code, message);
}

/** The same of a promise. */
export async function expectRejection(
  promise: Promise<unknown>,
  code: string,
  message?: string | RegExp,
): Promise<EmixError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  return checkFailure(thrown, code, message);
}

function checkFailure(thrown: unknown, code: string, message?: string | RegExp): EmixError {
  expect(thrown).toBeInstanceOf(EmixError);
  const error = thrown as EmixError;
  expect(error.code).toBe(code);
  expect(error.message).not.toContain("\n");
  if (typeof message === "string") expect(error.message).toBe(message);
  if (message instanceof RegExp) expect(error.message).toMatch(message);
  return error;
}
