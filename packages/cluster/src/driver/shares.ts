import type { TaskKind } from "../protocol.ts";
import type { Heard, RangeDone } from "./dispatcher.ts";

/** What a worker did of the latest pass over all points. */
export interface WorkerShare {
  /** its name */
  readonly worker: string;
  /** about how many points it went over */
  readonly points: number;
  /** for how many milliseconds it computed */
  readonly milliseconds: number;
  /** for how many milliseconds of the pass it did not: others took longer, or numbers were on their way */
  readonly waiting: number;
}

const WHOLE_PASSES: ReadonlySet<TaskKind> = new Set(["sums", "slots", "evaluate"]);

/** Tells what workers did of each pass over all points. in: count, of the points */
export function tellShares(count: number, tell: (shares: readonly WorkerShare[]) => void): Heard {
  return (kind, done, wall) => {
    if (WHOLE_PASSES.has(kind)) tell(sharesOf(count, done, wall));
  };
}

function sharesOf(count: number, done: readonly RangeDone[], wall: number): WorkerShare[] {
  const parts = done.reduce((sum, { first, end }) => sum + end - first, 0);
  const workers = [...new Set(done.map(({ worker }) => worker))].sort();
  return workers.map((worker) => {
    const own = done.filter((each) => each.worker === worker);
    const share = own.reduce((sum, { first, end }) => sum + end - first, 0) / parts;
    const milliseconds = own.reduce((sum, each) => sum + each.milliseconds, 0);
    return { worker, points: Math.round(count * share), milliseconds, waiting: Math.max(0, wall - milliseconds) };
  });
}
