import { type State, secondsLeft, speedOf, type View } from "./state.ts";

/** A JSON object a line, for programs: one for each stage, and ten a second at most while a file is read or a fit goes on. */
export function jsonView(): View {
  let told: State | undefined;
  const write = (event: object) => void process.stderr.write(`${JSON.stringify(event)}\n`);
  return {
    begin({ stage, subject }) {
      write({ stage, ...(stage === "reading" && { file: subject }) });
    },

    show(state, now) {
      if (state === told || (state.step === undefined && state.fraction === undefined)) return;
      told = state;
      const { stage, subject: file, fraction } = state;
      if (state.step === undefined) return write({ stage, ...(stage === "reading" && { file }), fraction });
      write({
        stage: state.stage,
        ...(state.plan?.model && { model: state.plan.model }),
        ...state.step,
        restarts: state.plan?.restarts,
        iterations: state.plan?.maxIterations,
        pointsPerSecond: speedOf(state, now),
        secondsLeft: secondsLeft(state, now),
        ...(state.workers.length > 0 && { workers: state.workers }),
      });
    },

    clear() {},
  };
}
