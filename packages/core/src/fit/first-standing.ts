import { atMost } from "../passes/components/at-most.ts";
import type { AnyExecutor } from "../passes/executor.ts";
import { randomStream } from "../random.ts";
import { type Iteration, startFrom } from "../step/iteration.ts";
import type { AboutStart } from "./exchange/exchanged-start.ts";
import type { FitStep } from "./fit-step.ts";
import { type MakeStart, makeStarts } from "./initialization/starts.ts";
import { type KnownInGroups, requireHere } from "./known/groups.ts";
import { startFromKnown } from "./known/start.ts";
import type { ResolvedFitOptions } from "./options/options.ts";
import { coarseToFine } from "./progressive/coarse-to-fine.ts";
import { firstComparison } from "./race/race.ts";
import type { Standing } from "./race/standing.ts";
import { begin, type Iterate, type Stop, skippedRestart } from "./restarts.ts";

/** What a fit must know to begin, besides its options. */
export interface Beginning extends AboutStart {
  /** what is known of the components of points; null: nothing */
  readonly known: KnownInGroups | null;
  /** how many starts may be made at a time */
  readonly sideBySide: number;
  readonly iterate: Iterate;
  readonly stop: Stop;
  /** hears of iterations on parts of the points */
  readonly tell: (step: FitStep) => void;
}

/** All starts, each at the state with which EM on all points begins. */
export async function firstStanding(
  executor: AnyExecutor,
  options: ResolvedFitOptions,
  beginning: Beginning,
): Promise<Standing> {
  const { sideBySide, iterate, stop } = beginning;
  const starts = await startsOf(executor, options, beginning);
  let made = 0;
  const begun = starts.map((make, index) => async () => {
    if (made > 0 && stop()) return skippedRestart(index, iterate);
    const restart = await begin(index, () => firstState(make, index), iterate);
    if (restart.state !== undefined) made++;
    return restart;
  });
  const restarts = await atMost(sideBySide, begun);
  return { restarts, compareAt: firstComparison(restarts.length, options), following: null, refined: false };

  async function firstState(make: MakeStart, index: number): Promise<Iteration> {
    const start = await make();
    if (options.schedule !== "progressive") {
      return { ...startFrom(start.mixture, start.warnings), ...(start.labels && { labels: start.labels }) };
    }
    const random = randomStream(options.seed, "progressive", index);
    const tell = (step: Omit<FitStep, "restart">) => beginning.tell({ restart: index, ...step });
    return coarseToFine(executor, start, beginning, { random, stop, tell });
  }
}

async function startsOf(
  executor: AnyExecutor,
  options: ResolvedFitOptions,
  beginning: Beginning,
): Promise<MakeStart[]> {
  const { known } = beginning;
  if (known === null || typeof options.initialization !== "string") return makeStarts(executor, options, beginning);
  return [() => startFromKnown(requireHere(executor), known, options, beginning)];
}
