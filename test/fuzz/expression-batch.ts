// Reads a file with column expressions, and says in lines on standard output which one it begins with and how it ended. The
// folder must stay as it is.
// in: seed, first index, end, folder

import { writeSync } from "node:fs";
import { createEngine } from "emix";
import { expressionOutcome, hostileExpression, writeTable } from "../support/hostile-expressions.ts";

const [seed, first, end, folder] = process.argv.slice(2);
process.chdir(folder);
writeTable(folder);
const engine = await createEngine({ offThread: false, threads: 1 });
for (let index = Number(first); index < Number(end); index++) {
  writeSync(1, `begin ${index}\n`);
  const outcome = await expressionOutcome(engine, folder, hostileExpression(seed, index)).catch((error: unknown) => {
    writeSync(1, `fault ${JSON.stringify(String(error instanceof Error ? error.stack : error).slice(0, 3000))}\n`);
    return "fault";
  });
  writeSync(1, `end expression ${outcome} ${process.resourceUsage().maxRSS}\n`);
}
await engine.close();
