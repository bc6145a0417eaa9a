import type { FitStep } from "@emix/core";
import { Option } from "commander";
import { barView } from "./bar.ts";
import { jsonView } from "./json.ts";
import { linesView } from "./lines.ts";
import type { PlannedFit, Stage, State, View, WorkerLine } from "./state.ts";

export type ProgressStyle = "bar" | "lines" | "json" | "none";

export function progressOption(): Option {
  return new Option(
    "--progress <style>",
    "how progress is shown on standard error (default: bar on a terminal, else lines)",
  )
    .choices(["bar", "lines", "json", "none"])
    .conflicts("quiet");
}

/** Work under way, for people and programs that watch standard error. */
export interface Progress {
  stage(stage: Stage, subject: string): void;
  /** Says what will be fitted, how many points it is about, and how long it can take. in: model, which of several */
  plan(planned: PlannedFit, points: number, model?: string): void;
  step(step: FitStep): void;
  /** What the workers of a cluster did of a pass. */
  workers(lines: readonly WorkerLine[]): void;
  /** How much of a file is read, or of resamples fitted, from 0 to 1. */
  reach(fraction: number): void;
  /** Prints a line that stays. */
  say(line: string): void;
  end(): void;
}

/** Shown at most so often. */
const MILLISECONDS = 100;

const VIEWS: Readonly<Record<ProgressStyle, () => View>> = {
  bar: barView,
  lines: linesView,
  json: jsonView,
  none: () => ({ begin() {}, show() {}, clear() {} }),
};

export function openProgress({
  quiet = false,
  progress,
}: {
  readonly quiet?: boolean;
  readonly progress?: ProgressStyle;
}): Progress {
  const view = VIEWS[quiet ? "none" : (progress ?? (process.stderr.isTTY ? "bar" : "lines"))]();
  let state: State | undefined;
  let shown = 0;
  const show = () => {
    const now = performance.now();
    if (state === undefined || now - shown < MILLISECONDS) return;
    shown = now;
    view.show(state, now);
  };
  const timer = setInterval(show, MILLISECONDS).unref();
  let plan: State["plan"];

  return {
    stage(stage, subject) {
      state = {
        stage,
        subject,
        began: performance.now(),
        plan,
        step: undefined,
        fraction: undefined,
        done: 0,
        best: Number.NEGATIVE_INFINITY,
        workers: state?.workers ?? [],
      };
      view.begin(state);
      shown = performance.now();
    },

    plan(planned, points, model = "") {
      plan = { ...planned, points, model, total: planned.restarts * planned.maxIterations };
    },

    step(step) {
      if (state?.stage === "starts" && step.part !== undefined) {
        // Another part of the points is news, however soon it comes.
        if (step.part !== state.step?.part) shown = 0;
        state = { ...state, step };
        return show();
      }
      if (state?.stage === "starts") this.stage("fit", state.subject);
      if (state === undefined) return;
      state = { ...state, step, done: state.done + 1, best: Math.max(state.best, step.lowerBound) };
      show();
    },

    workers(lines) {
      if (state !== undefined) state = { ...state, workers: lines };
    },

    reach(fraction) {
      if (state?.stage === "reading" || state?.stage === "resampling") state = { ...state, fraction };
      show();
    },

    say(line) {
      view.clear();
      process.stderr.write(`${line}\n`);
    },

    end() {
      clearInterval(timer);
      view.clear();
      state = undefined;
    },
  };
}
