import type { View } from "./state.ts";
import { stageWords, workerWords } from "./words.ts";

/** A line for each stage, for logs; and at the end of a fit on several machines one for each worker. */
export function linesView(): View {
  return {
    begin(state) {
      const workers = state.stage === "scoring" ? workerWords(state.workers) : [];
      process.stderr.write(`${[...workers, stageWords(state)].join("\n")}\n`);
    },

    show() {},
    clear() {},
  };
}
