import { createEngine } from "emix";
import { callOutcome, hostileCall } from "../support/hostile-options.ts";
import { printCounts } from "./counts.ts";

/** Far above what a call with thirty points takes, even on a machine that is busy. */
const SOON_MS = 10_000;

/** out: how many calls ended in neither an answer nor a typed error, or too late; it stops at twenty */
export async function fuzzOptions(seed: string, first: number, end: number): Promise<number> {
  const outcomes = new Map<string, number>();
  await using local = await createEngine({ threads: 1, offThread: false });
  await using remote = await createEngine({ threads: 1 });
  let failures = 0;
  for (let index = first; index < end && failures <= 20; index++) {
    const call = hostileCall(seed, index);
    let late: NodeJS.Timeout | undefined;
    try {
      const tooLate = new Promise<never>((_, reject) => {
        late = setTimeout(() => reject(new Error(`no answer after ${SOON_MS} ms`)), SOON_MS);
      });
      const outcome = await Promise.race([callOutcome(index % 2 === 0 ? local : remote, call), tooLate]);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    } catch (error) {
      failures += 1;
      console.log(`call ${index} of seed ${seed}: ${call.words}\n`, error, "\n");
    } finally {
      clearTimeout(late);
    }
  }
  printCounts(outcomes);
  console.log(`${String(failures).padStart(8)}  neither an answer nor a typed error`);
  return failures;
}
