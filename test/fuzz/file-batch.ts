// Reads edited files, and says in lines on standard output which one it begins with and how it ended.
// in: seed, first index, end, folder

import { writeSync } from "node:fs";
import { createEngine } from "emix";
import { editedFile, originalFiles, readOutcome } from "../support/hostile-files.ts";

const [seed, first, end, folder] = process.argv.slice(2);
const originals = await originalFiles();
const engine = await createEngine({ offThread: false, threads: 1 });
for (let index = Number(first); index < Number(end); index++) {
  writeSync(1, `begin ${index}\n`);
  const file = editedFile(originals, seed, index);
  const outcome = await readOutcome(engine, file, folder).catch((error: unknown) => {
    writeSync(1, `fault ${JSON.stringify(String(error instanceof Error ? error.stack : error).slice(0, 3000))}\n`);
    return "fault";
  });
  writeSync(1, `end ${file.name.slice(file.name.indexOf(".") + 1)} ${outcome} ${process.resourceUsage().maxRSS}\n`);
}
await engine.close();
