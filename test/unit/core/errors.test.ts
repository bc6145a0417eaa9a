import { EmixError, featuresMismatch, fromPlainError, invalidOption, toPlainError } from "@emix/core";
import { describe, expect, test } from "vitest";
import * as errors from "../../../packages/core/src/errors.ts";
import { initializationFailed, tooManyComponents, unknownOption } from "../../../packages/core/src/errors.ts";

test("a message is one line, whatever it quotes", () => {
  const error = new EmixError("WORKER_LOST", "Cannot find a\n  b\r\n\nc imported from d.");
  expect(error.message).toBe("Cannot find a b c imported from d.");
});

describe("messages say what was expected, what came, what to do", () => {
  test.each<[EmixError, string, string]>([
    [invalidOption("k", "an integer", 1.5), "INVALID_OPTION", "Expected `k` to be an integer, got 1.5."],
    [
      invalidOption("k", "one", new Float64Array(2)),
      "INVALID_OPTION",
      "Expected `k` to be one, got a Float64Array of 16 bytes.",
    ],
    [invalidOption("k", "one", [1, 2]), "INVALID_OPTION", "Expected `k` to be one, got an array of length 2."],
    [
      invalidOption("k", "one", { a: 1, b: 2 }),
      "INVALID_OPTION",
      "Expected `k` to be one, got an object with keys a, b.",
    ],
    [invalidOption("k", "one", 1n), "INVALID_OPTION", "Expected `k` to be one, got 1n."],
    [invalidOption("k", "one", Symbol("s")), "INVALID_OPTION", "Expected `k` to be one, got Symbol(s)."],
    [unknownOption("tol", ["a", "b"]), "UNKNOWN_OPTION", "Unknown option `tol`. Known options: a, b."],
    [
      unknownOption("ab", ["a", "b"], { of: "c", nearest: "a" }),
      "UNKNOWN_OPTION",
      "Unknown option `c.ab`. Did you mean `a`? Fields of `c`: a, b.",
    ],
    [
      tooManyComponents(9, 4),
      "TOO_MANY_COMPONENTS",
      "Expected `components` to be at most 4, the number of points with a positive weight, got 9.",
    ],
    [
      errors.tooFewDistinctPoints(2, 3),
      "TOO_FEW_DISTINCT_POINTS",
      "Expected at least 3 distinct points for 3 components, found 2; lower `components`.",
    ],
    [
      errors.collapsedComponent(1, 3, 1.23456, 2),
      "COLLAPSED_COMPONENT",
      "Component 1 of 3 collapsed: its covariance in 2 feature(s) is singular (total weight of its points: 1.235); " +
        "lower `components`, raise `regularization`, or remove constant and collinear features.",
    ],
    [
      errors.overflow(),
      "OVERFLOW",
      "Expected sums over the points to be finite, but they overflow; scale the features or the point weights down.",
    ],
    [
      errors.overflow(3),
      "OVERFLOW",
      "Expected the variance of every feature to be finite, but that of feature 3 (counted from 0) overflows; scale the feature down.",
    ],
    [
      errors.underflow(2, 0),
      "UNDERFLOW",
      "Expected the variance of every feature to be at least 2^-1022, got 0 for feature 2 (counted from 0); scale the feature up.",
    ],
    [featuresMismatch(3, 2), "FEATURES_MISMATCH", "Expected points with 3 feature(s), got 2."],
    [
      initializationFailed(5, errors.collapsedComponent(0, 1, 0, 1)),
      "INITIALIZATION_FAILED",
      "None of 5 attempt(s) gave a usable start. The last one failed: Component 0 of 1 collapsed: its covariance in " +
        "1 feature(s) is singular (total weight of its points: 0); lower `components`, raise `regularization`, or remove constant and collinear features.",
    ],
  ])("%s", (error, code, message) => {
    expect(error).toBeInstanceOf(EmixError);
    expect(error.name).toBe("EmixError");
    expect(error.code).toBe(code);
    expect(error.message).toBe(message);
  });
});

describe("errors cross threads as plain data", () => {
  test("and come back with code, message and details", () => {
    const error = initializationFailed(2, errors.collapsedComponent(0, 1, 3, 2));
    const back = fromPlainError(structuredClone(toPlainError(error)));
    expect(back).toBeInstanceOf(EmixError);
    expect([back.code, back.message, back.details]).toEqual([error.code, error.message, error.details]);
    expect(error.cause).toBeInstanceOf(EmixError);
  });

  test.each([new TypeError("bug"), "text", undefined])("what is not ours is INTERNAL: %s", (thrown) => {
    const plain = toPlainError(thrown);
    expect(plain.code).toBe("INTERNAL");
    expect(plain.message).toContain(thrown instanceof Error ? "bug" : String(thrown));
  });

  test("an error that has no stack tells what it can", () => {
    const error = Object.assign(new Error("bug"), { stack: undefined });
    expect(toPlainError(error)).toEqual({ code: "INTERNAL", message: "bug", details: {} });
  });
});
