import type { CancelFlag } from "../cancel.ts";
import type { CheckpointKeeper } from "../checkpoint/checkpoint.ts";
import { abortedWork } from "../errors.ts";
import type { EmStep } from "./methods/options.ts";

/** Takes the steps of a job. */
export type Tell = (steps: readonly EmStep[]) => void;

/** Steps are passed on at most this often. */
const TELL_EVERY_MILLISECONDS = 20;

/** What happens between the steps of a job. */
interface BetweenSteps {
  readonly flag: CancelFlag;
  /** writes checkpoints; default: nothing does */
  readonly keeper?: CheckpointKeeper;
}

/** Runs a generator to its end and passes its steps on in batches, the last one before it returns. */
export async function tellSteps<T>(
  steps: AsyncGenerator<EmStep, T>,
  tell: Tell,
  { flag, keeper }: BetweenSteps,
): Promise<T> {
  let batch: EmStep[] = [];
  let last = Number.NEGATIVE_INFINITY;
  const flush = () => {
    if (batch.length > 0) tell(batch);
    batch = [];
    last = performance.now();
  };
  const end = async () => {
    flush();
    await keeper?.finish();
  };
  try {
    for (let next = await steps.next(); ; next = await steps.next()) {
      if (next.done) {
        await end();
        return next.value;
      }
      batch.push(next.value);
      if (performance.now() - last >= TELL_EVERY_MILLISECONDS) flush();
      await keeper?.step();
      if (!flag.shouldLeave) continue;
      await keeper?.save();
      await end();
      throw abortedWork();
    }
  } finally {
    // What the job has borrowed is given back.
    await steps.return(undefined as T);
  }
}
