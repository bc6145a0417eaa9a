import type { FitSurroundings } from "@emix/core";
import type { CancelFlag } from "../cancel.ts";
import { checkpointMismatch } from "../errors.ts";
import { CheckpointKeeper, type KeptFit } from "./checkpoint.ts";
import { differences, type Fingerprint } from "./fingerprint.ts";

/**
 * What writes the checkpoints of a fit, if it wants any. A fit that goes on from one must have the same points and the same
 * arithmetic.
 * in: ofPoints, called where it is needed
 * @throws CHECKPOINT_MISMATCH
 */
export async function keeperOf(
  { options, checkpoint, resumed }: KeptFit,
  ofPoints: () => Promise<Fingerprint>,
): Promise<CheckpointKeeper | undefined> {
  if (checkpoint === undefined && resumed === undefined) return undefined;
  const fingerprint = await ofPoints();
  if (resumed !== undefined) {
    const different = differences(resumed.checkpoint.fingerprint, fingerprint);
    if (different.length > 0) throw checkpointMismatch(resumed.path, different);
  }
  return checkpoint && new CheckpointKeeper(checkpoint, { fingerprint, options });
}

/** When a fit ends, and where it begins. */
export function surroundingsOf(
  { timeBudget, resumed }: KeptFit,
  keeper: CheckpointKeeper | undefined,
  flag: CancelFlag,
): FitSurroundings {
  const ends = performance.now() + (timeBudget ?? Number.POSITIVE_INFINITY);
  return {
    stop: () => flag.shouldFinish || performance.now() >= ends,
    enough: () => flag.shouldFinish,
    from: resumed?.checkpoint.state,
    watch: (state) => keeper?.watch(state),
  };
}
