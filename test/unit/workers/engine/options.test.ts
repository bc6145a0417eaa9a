import { availableParallelism } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import {
  ENGINE_OPTIONS,
  type EngineOptions,
  resolveEngineOptions,
} from "../../../../packages/workers/src/engine/options.ts";
import { expectFailure } from "../../../support/failures.ts";

const resolve = (options: unknown) => resolveEngineOptions(options as EngineOptions);

const forced = process.env.EMIX_KERNEL;
afterEach(() => {
  if (forced === undefined) delete process.env.EMIX_KERNEL;
  else process.env.EMIX_KERNEL = forced;
});

describe("options of an engine", () => {
  test("defaults", () => {
    delete process.env.EMIX_KERNEL;
    const defaults = {
      threads: availableParallelism(),
      offThread: true,
      memoryLimit: Number.POSITIVE_INFINITY,
      kernel: "auto",
      strict: false,
      workerUrl: undefined,
    };
    expect(resolve({})).toEqual(defaults);
    expect(resolve(Object.fromEntries(Object.keys(ENGINE_OPTIONS).map((name) => [name, undefined])))).toEqual(defaults);
  });

  test("what is given stands", () => {
    const given = { threads: 1024, offThread: false, memoryLimit: 1, kernel: "simd256", strict: true };
    expect(resolve({ ...given, workerUrl: "file:///w.js" })).toEqual({ ...given, workerUrl: "file:///w.js" });
    expect(resolve({ workerUrl: new URL("file:///w.js") }).workerUrl).toBe("file:///w.js");
  });

  const kernels = "one of auto, auto256, reference, simd, simd256";
  test.each<[string, unknown, string, string]>([
    ["threads", 0, "an integer from 1 to 1024", "0"],
    ["threads", 1025, "an integer from 1 to 1024", "1025"],
    ["threads", 1.5, "an integer from 1 to 1024", "1.5"],
    ["offThread", 1, "true or false", "1"],
    ["strict", null, "true or false", "null"],
    ["memoryLimit", 0, "a number of bytes above 0", "0"],
    ["memoryLimit", Number.NaN, "a number of bytes above 0", "NaN"],
    ["memoryLimit", "1e9", "a number of bytes above 0", '"1e9"'],
    ["kernel", "cuda", kernels, '"cuda"'],
    ["workerUrl", 7, "a string or a URL", "7"],
  ])("%s: %j is refused", (option, value, expected, got) => {
    const message = `Expected \`${option}\` to be ${expected}, got ${got}.`;
    const error = expectFailure(() => resolve({ [option]: value }), "INVALID_OPTION", message);
    expect(error.details.option).toBe(option);
  });

  test("unknown ones throw with a guess", () => {
    expectFailure(
      () => resolve({ thread: 1 }),
      "UNKNOWN_OPTION",
      "Unknown option `thread`. Did you mean `threads`? " +
        "Known options: threads, offThread, memoryLimit, kernel, strict, workerUrl.",
    );
  });

  test("the environment chooses a kernel where the caller does not", () => {
    process.env.EMIX_KERNEL = "reference";
    expect(resolve({}).kernel).toBe("reference");
    expect(resolve({ kernel: "simd" }).kernel).toBe("simd");
    process.env.EMIX_KERNEL = "cuda";
    expectFailure(() => resolve({}), "INVALID_OPTION", `Expected \`EMIX_KERNEL\` to be ${kernels}, got "cuda".`);
    expect(resolve({ kernel: "simd" }).kernel).toBe("simd");
  });
});
