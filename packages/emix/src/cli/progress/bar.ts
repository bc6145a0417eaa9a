import { type State, shareOf, type View } from "./state.ts";
import { reachedWords, stageWords, stepWords, workerWords } from "./words.ts";

/** Takes away the line of the cursor, or all from there on. */
const CLEAR = { line: "\r\x1b[K", below: "\r\x1b[J" } as const;
const WIDEST = 20;
const NARROWEST = 6;
const DEFAULT_COLUMNS = 80;
/** Before it, nothing is shown of a stage: most are over by then. */
const PATIENCE = 200;

/**
 * One line of a terminal, drawn over itself, and one more for each worker of a cluster; never wider than the terminal, where
 * they would leave lines behind.
 */
export function barView(): View {
  let drawn = false;
  let clearing: keyof typeof CLEAR = "line";
  return {
    begin() {},

    show(state, now) {
      if (now - state.began < PATIENCE && state.step === undefined) return;
      // The cursor stands before the line, so that another line that is printed takes its place.
      const columns = process.stderr.columns || DEFAULT_COLUMNS;
      const workers = workerWords(state.workers).map((line) => `\n${truncate(line, columns - 1)}`);
      const back = workers.length > 0 ? `\x1b[${workers.length}A` : "";
      process.stderr.write(`${CLEAR[clearing]}${lineOf(state, now, columns)}${workers.join("")}${back}\r`);
      drawn = true;
      clearing = workers.length > 0 ? "below" : "line";
    },

    clear() {
      if (drawn) process.stderr.write(CLEAR[clearing]);
      drawn = false;
    },
  };
}

/** in: columns of the terminal, the last of which stays free, for a cursor behind it would begin a new line */
function lineOf(state: State, now: number, columns: number): string {
  const room = columns - 1;
  const share = shareOf(state);
  if (share === undefined) return truncate(`${stageWords(state)}  ${((now - state.began) / 1000).toFixed(1)} s`, room);
  const parts = state.fraction === undefined ? stepWords(state, now) : reachedWords(state, now);
  const text = fittingPart(parts, room - NARROWEST - 1);
  const width = Math.min(WIDEST, room - text.length - 1);
  if (width < NARROWEST) return truncate(text, room);
  const filled = Math.min(width, Math.round(width * share));
  return `${"█".repeat(filled)}${"░".repeat(width - filled)} ${text}`;
}

/** As many of the parts as there is room for, the first ones. */
function fittingPart(parts: readonly string[], room: number): string {
  const lines = parts.map((_, i) => parts.slice(0, parts.length - i).join(", "));
  return lines.find((line) => line.length <= room) ?? lines[lines.length - 1];
}

function truncate(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;
}
