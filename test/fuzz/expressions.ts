import { hostileExpression } from "../support/hostile-expressions.ts";
import type { Reading } from "./batches.ts";

/** Column expressions: each gives numbers or a typed error, and no file, line or signal. */
export const EXPRESSIONS: Reading = {
  module: new URL("expression-batch.ts", import.meta.url),
  kindOf: async () => "expression",

  async show(seed, index, what) {
    console.log(`expression ${index} of seed ${seed}: ${hostileExpression(seed, index)}\n${what}\n`);
  },
};
