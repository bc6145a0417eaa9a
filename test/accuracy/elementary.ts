import { randomStream } from "../../packages/core/src/random.ts";
import { ELEMENTARY, worstOf } from "../support/elementary.ts";

// `pnpm accuracy:elementary [arguments, a million] [seed]`: the largest errors of core's elementary functions.

const count = Number(process.argv[2] ?? 1e6);
const seed = process.argv[3] ?? "elementary";
for (const one of ELEMENTARY) {
  const { ulps, at } = worstOf(one, count, randomStream(seed, one.name));
  console.log(`${one.name.padEnd(32)} ${ulps.toFixed(4)} ulp at ${at}`);
}
