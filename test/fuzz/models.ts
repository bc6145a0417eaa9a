import fc from "fast-check";
import { editedArrays, editedFiles, editedTrees, outcomeOf } from "../support/hostile-models.ts";
import { printCounts } from "./counts.ts";

const EDITED = Object.entries({ editedFiles, editedArrays, editedTrees });

/** Far above what reading a file of some kilobytes takes, even on a machine that is busy. */
const SOON_MS = 10_000;
/** How many files of a kind are drawn together, of one seed. */
const AT_ONCE = 1000;

/** out: how many files were neither read as a sound model nor refused by a typed error, or too late; it stops at twenty */
export async function fuzzModels(seed: string, first: number, end: number): Promise<number> {
  const outcomes = new Map<string, number>();
  let failures = 0;
  for (const { index, kind, bytes } of editedModels(Number(seed), first, end)) {
    const start = performance.now();
    const outcome = await outcomeOf(bytes).catch((error: unknown) => String(error));
    outcomes.set(`${kind} ${outcome}`, (outcomes.get(`${kind} ${outcome}`) ?? 0) + 1);
    if (["model", "BAD_MODEL_FILE"].includes(outcome) && performance.now() - start < SOON_MS) continue;
    failures += 1;
    console.log(`file ${index} of seed ${seed}, ${kind}: ${outcome}\n`);
    if (failures > 20) break;
  }
  printCounts(outcomes);
  console.log(`${String(failures).padStart(8)}  neither a sound model nor a typed error`);
  return failures;
}

function* editedModels(seed: number, first: number, end: number) {
  for (let batch = Math.floor(first / AT_ONCE); batch * AT_ONCE < end; batch++) {
    const [kind, edited] = EDITED[batch % EDITED.length];
    for (const [place, bytes] of fc.sample(edited, { seed: seed + batch, numRuns: AT_ONCE }).entries()) {
      const index = batch * AT_ONCE + place;
      if (index >= first && index < end) yield { index, kind, bytes };
    }
  }
}
