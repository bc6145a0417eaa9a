import { expect, test } from "vitest";
import { kernelsFor, MOST_FEATURES, packedKernels } from "../../../../build/kernels.ts";
import { COVARIANCE_TYPES } from "../../../../packages/core/src/covariance/types.ts";
import { KernelPrograms } from "../../../../packages/core/src/kernels/dispatch.ts";
import { tileSizeFor } from "../../../../packages/core/src/points/tiles.ts";
import { readyKernel, unpackKernels } from "../../../../packages/workers/src/kernels/ready-kernels.ts";

const WORK = 2 ** 40;
const unpacked = new Map(
  packedKernels()
    .split(" ")
    .flatMap((group) => [...unpackKernels(group)]),
);

/** The bytes of the modules that an engine compiles for points of so many features. */
function compiled(features: number, ready?: typeof readyKernel): Uint8Array[] {
  const all: Uint8Array[] = [];
  const plain = (bytes: Uint8Array<ArrayBuffer>) => {
    all.push(bytes);
    return new WebAssembly.Module(bytes);
  };
  const programs = new KernelPrograms({}, { plain, packed: null, ...(ready && { ready }) });
  const shape = { features, components: 5, dtype: "f64", tileSize: tileSizeFor(features) } as const;
  programs.distances(shape, WORK);
  for (const covarianceType of COVARIANCE_TYPES) {
    programs.get({ ...shape, covarianceType }, WORK);
    programs.evaluation({ ...shape, covarianceType }, 1);
  }
  return all;
}

test.each([1, 2, 3, 8, 9, 16, 17, MOST_FEATURES])("of %i features they have the bytes that are written", (features) => {
  let missing = 0;
  const ready = (key: string) => {
    const bytes = unpacked.get(key);
    if (bytes === undefined) missing++;
    return bytes;
  };
  const expected = compiled(features);
  expect(expected).toHaveLength(1 + 2 * COVARIANCE_TYPES.length);
  expect(compiled(features, ready)).toEqual(expected);
  expect(missing).toBe(0);
});

test("there are none of more features, and in the sources none at all", () => {
  const keys = [...kernelsFor(MOST_FEATURES + 1).keys(), ...kernelsFor(8).keys()];
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) expect(readyKernel(key)).toBeUndefined();
  for (const key of kernelsFor(MOST_FEATURES + 1).keys()) expect(unpacked.has(key)).toBe(false);
  expect(unpackKernels("")).toEqual(new Map());
});
