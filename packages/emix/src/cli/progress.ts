import type { FitStep, ResolvedFitOptions } from "@emix/core";

const WIDTH = 24;

type Planned = Pick<ResolvedFitOptions, "inference" | "prior" | "restarts" | "maxIterations" | "restartIterations">;

/** The number that an iteration increases, for people. */
function climbed({ inference, prior }: Planned, best: number): string {
  if (inference === "variational") return `lower bound ${best.toFixed(6)}`;
  return `${prior ? "log posterior" : "log-likelihood"} ${best.toFixed(6)} a point`;
}

/** Shows a fit on standard error: a bar that moves on a terminal, a line for each tenth of the way elsewhere. */
export function progressBar(planned: Planned, quiet: boolean) {
  const { restarts, maxIterations, restartIterations } = planned;
  const probes = restarts > 1 ? restarts * Math.min(restartIterations, maxIterations) : 0;
  const total = restarts > 1 ? probes + Math.max(0, maxIterations - restartIterations) : maxIterations;
  const terminal = process.stderr.isTTY === true;
  let done = 0;
  let best = Number.NEGATIVE_INFINITY;
  let tenths = -1;

  function line(step: FitStep): string {
    const filled = Math.round((WIDTH * done) / total);
    const bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
    const who = restarts > 1 ? `start ${step.restart + 1} of ${restarts}, ` : "";
    return `${bar} ${who}iteration ${step.iteration}, ${climbed(planned, best)}`;
  }

  return {
    step(step: FitStep): void {
      done = Math.min(total, done + 1);
      best = Math.max(best, step.lowerBound);
      if (quiet) return;
      const tenth = Math.floor((10 * done) / total);
      if (terminal) process.stderr.write(`\r\x1b[K${line(step)}`);
      else if (tenth > tenths) process.stderr.write(`${line(step)}\n`);
      tenths = tenth;
    },

    end(): void {
      if (terminal && !quiet) process.stderr.write("\r\x1b[K");
    },
  };
}
