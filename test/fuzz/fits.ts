import { hostileFit, outcome } from "../support/hostile.ts";
import { printCounts } from "./counts.ts";

/** out: how many fits ended in neither a sound model nor a typed error; it stops at twenty */
export async function fuzzFits(seed: string, first: number, end: number): Promise<number> {
  const outcomes = new Map<string, number>();
  let failures = 0;
  for (let index = first; index < end && failures <= 20; index++) {
    try {
      const code = await outcome(hostileFit(seed, index));
      outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
    } catch (error) {
      failures += 1;
      console.log(`fit ${index} of seed ${seed}:`, error, "\n", JSON.stringify(hostileFit(seed, index).options));
    }
  }
  printCounts(outcomes);
  console.log(`${String(failures).padStart(8)}  neither a sound model nor a typed error`);
  return failures;
}
