import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { editedFile, originalFiles } from "../support/hostile-files.ts";
import type { Reading } from "./batches.ts";

const KEPT = "out/fuzz";

/** Edited files. Those of faults are kept. */
export const FILES: Reading = {
  module: new URL("file-batch.ts", import.meta.url),

  async kindOf(seed, index) {
    const { name } = editedFile(await originalFiles(), seed, index);
    return name.slice(name.indexOf(".") + 1);
  },

  async show(seed, index, what) {
    const { name, bytes, options, texts } = editedFile(await originalFiles(), seed, index);
    mkdirSync(KEPT, { recursive: true });
    const path = join(KEPT, `${seed}-${index}-${name}`);
    writeFileSync(path, bytes);
    console.log(`file ${index} of seed ${seed}, ${path}, ${JSON.stringify({ ...options, texts })}:\n${what}\n`);
  },
};
