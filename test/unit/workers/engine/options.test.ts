import { availableParallelism, tmpdir } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import {
  ENGINE_OPTIONS,
  type EngineOptions,
  resolveEngineOptions,
} from "../../../../packages/workers/src/engine/options.ts";
import { expectFailure } from "../../../support/failures.ts";

const resolve = (options: unknown) => resolveEngineOptions(options as EngineOptions);

const sources = new URL("../../../../packages/workers/src/", import.meta.url).href;

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
      memoryLimit: expect.any(Number),
      storageFolder: tmpdir(),
      maxConcurrent: 8,
      maxQueue: 10_000,
      stepTimeout: 60_000,
      kernel: "auto",
      strict: false,
      workerUrl: `${sources}emix-worker.ts`,
      engineUrl: `${sources}emix-engine.ts`,
    };
    expect(resolve({})).toEqual(defaults);
    expect(resolve(Object.fromEntries(Object.keys(ENGINE_OPTIONS).map((name) => [name, undefined])))).toEqual(defaults);
  });

  test("what is given stands", () => {
    const limits = { memoryLimit: 1, storageFolder: "points", maxConcurrent: 1, maxQueue: 0, stepTimeout: 1 };
    const given = { threads: 1024, offThread: false, ...limits, kernel: "simd256", strict: true };
    const urls = { workerUrl: "data:text/javascript,", engineUrl: undefined };
    expect(resolve({ ...given, ...urls })).toEqual({ ...given, ...urls });
    expect(resolve({ workerUrl: new URL(import.meta.url) }).workerUrl).toBe(import.meta.url);
    expect(resolve({ engineUrl: new URL(import.meta.url) }).engineUrl).toBe(import.meta.url);
  });

  test.each([
    ["workerUrl", "emix-worker", "emix/worker"],
    ["engineUrl", "emix-engine", "emix/engine"],
  ])("a module that is not at %s is missed at once", (option, name, entry) => {
    const error = expectFailure(
      () => resolve({ [option]: "file:///no/such/module.js" }),
      "THREAD_NOT_STARTED",
      `Expected the module ${name} of emix's threads at file:///no/such/module.js, and it cannot be found there. In a ` +
        `bundle, build \`${entry}\` as ${name} beside the bundle, or say with \`${option}\` where it is; under ` +
        "--permission, allow it to be read.",
    );
    expect(error.details).toEqual({ option, url: "file:///no/such/module.js" });
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
    ["maxConcurrent", 0, "an integer of at least 1", "0"],
    ["maxQueue", -1, "an integer of at least 0", "-1"],
    ["kernel", "cuda", kernels, '"cuda"'],
    ["workerUrl", 7, "a string or a URL", "7"],
    ["engineUrl", null, "a string or a URL", "null"],
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
        "Known options: threads, offThread, memoryLimit, storageFolder, maxConcurrent, maxQueue, stepTimeout, kernel, strict, workerUrl, engineUrl.",
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
