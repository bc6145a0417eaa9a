import type { View } from "./state.ts";
import { stageWords } from "./words.ts";

/** A line for each stage, for logs. */
export function linesView(): View {
  return {
    begin: (state) => void process.stderr.write(`${stageWords(state)}\n`),
    show() {},
    clear() {},
  };
}
