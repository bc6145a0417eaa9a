import type { FitStep } from "@emix/core";
import { groupThousands } from "@emix/io";
import { type State, secondsLeft, speedOf, type WorkerLine } from "./state.ts";

/** What a stage is about, in words. */
export function stageWords(state: State): string {
  const { stage, subject, plan, step } = state;
  switch (stage) {
    case "reading":
      return `reading ${subject}`;
    case "starts":
      if (step?.part !== undefined && plan !== undefined) return `${modelWords(state)}${partWords(step, plan)}`;
      return plan === undefined
        ? "starting"
        : `${modelWords(state)}drawing ${startWords(plan.restarts, plan.components)}`;
    case "fit":
      return plan === undefined ? "fitting" : `${modelWords(state)}fitting, ${plan.maxIterations} iterations at most`;
    case "scoring":
      return "scoring";
    case "resampling":
      return `fitting ${subject}`;
  }
}

function modelWords({ plan }: State): string {
  return plan === undefined || plan.model === "" ? "" : `${plan.model}: `;
}

function partWords(
  { part = 0, iteration, restart }: FitStep,
  { points, restarts }: NonNullable<State["plan"]>,
): string {
  const start = restarts > 1 ? `start ${restart + 1}/${restarts}, ` : "";
  return `${start}${groupThousands(part)} of ${groupThousands(points)} points first, iteration ${iteration}`;
}

function startWords(restarts: number, components: number): string {
  return `${restarts === 1 ? "a start" : `${restarts} starts`} of ${components} ${components === 1 ? "component" : "components"}`;
}

/** The parts of a line about a file that is read, or resamples, the most important ones first. */
export function reachedWords({ stage, subject, fraction = 0, began }: State, now: number): string[] {
  const seconds = `${((now - began) / 1000).toFixed(1)} s`;
  return [`${stage}, ${Math.floor(100 * fraction)} %`, seconds, subject];
}

/** The parts of a line about an iteration, the most important ones first. */
export function stepWords(state: State, now: number): string[] {
  const { step, plan, best } = state;
  if (step === undefined || plan === undefined) return [];
  const speed = speedOf(state, now);
  const left = secondsLeft(state, now);
  return [
    ...(plan.model === "" ? [] : [plan.model]),
    ...(plan.restarts > 1 ? [`start ${step.restart + 1}/${plan.restarts}`] : []),
    `iteration ${step.iteration}/${plan.maxIterations}`,
    `${boundName(state)} ${best.toFixed(6)}`,
    ...(left === undefined ? [] : [`≤ ${durationWords(left)}`]),
    ...(speed === undefined ? [] : [`${speedWords(speed)} points/s`]),
  ];
}

/** A line for each worker of a cluster. */
export function workerWords(workers: readonly WorkerLine[]): string[] {
  return workers.map(({ worker, points, milliseconds, waiting }) =>
    [
      `worker ${worker}: ${groupThousands(points)} points`,
      `${milliseconds.toFixed(0)} ms a pass, waits ${waiting.toFixed(0)} ms`,
    ].join(", "),
  );
}

/** What an iteration climbs, for people. */
function boundName({ plan }: State): string {
  if (plan?.inference === "variational") return "bound";
  return plan?.prior ? "log posterior" : "log-lik";
}

export function durationWords(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

function speedWords(speed: number): string {
  const [unit, name] = speed >= 1e9 ? [1e9, "G"] : speed >= 1e6 ? [1e6, "M"] : speed >= 1e3 ? [1e3, "k"] : [1, ""];
  return `${Number((speed / unit).toPrecision(3))}${name}`;
}
