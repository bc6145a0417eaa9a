// Random hostile fits: each must end in a sound model or in a typed error. `pnpm fuzz --count 100000 --seed 1`

import { parseArgs } from "node:util";
import { hostileFit, outcome } from "../support/hostile.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const outcomes = new Map<string, number>();
let failures = 0;
const [first, end] =
  values.only === undefined ? [0, Number(values.count)] : [Number(values.only), Number(values.only) + 1];
for (let index = first; index < end; index++) {
  try {
    const code = await outcome(hostileFit(values.seed, index));
    outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
  } catch (error) {
    failures += 1;
    if (failures > 20) break;
    console.log(
      `fit ${index} of seed ${values.seed}:`,
      error,
      "\n",
      JSON.stringify(hostileFit(values.seed, index).options),
    );
  }
}
for (const [code, count] of [...outcomes].sort((a, b) => b[1] - a[1]))
  console.log(`${String(count).padStart(8)}  ${code}`);
console.log(`${String(failures).padStart(8)}  neither a sound model nor a typed error`);
process.exitCode = failures > 0 ? 1 : 0;
