import { describe, expect } from "vitest";
import { editedArrays, editedFiles, editedTrees, outcomeOf } from "../support/hostile-models.ts";
import { law } from "../support/laws.ts";

// Whatever a file of a model holds, it is read as a model that works, or refused by a typed error, soon.

/** Far above what reading a file of some kilobytes takes, even on a machine that is busy. */
const SOON_MS = 2000;

async function expectOutcome(bytes: Uint8Array): Promise<void> {
  const start = performance.now();
  expect(["model", "BAD_MODEL_FILE"]).toContain(await outcomeOf(bytes));
  expect(performance.now() - start).toBeLessThan(SOON_MS);
}

describe("files of models with random edits", () => {
  law("bytes of JSON and .npz", editedFiles, 1500, expectOutcome);
  law("arrays of .npz, with checksums that fit", editedArrays, 1500, expectOutcome);
  law("values of JSON", editedTrees, 1500, expectOutcome);
});
