import { EmixError, type FitSurroundings, type Mixture } from "@emix/core";
import type { CancelFlag } from "../cancel.ts";
import { badCheckpoint, checkpointMismatch } from "../errors.ts";
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

/**
 * Waits for a fit. A checkpoint whose checksum is right can still hold what no fit has left: then a fit cannot go on from it.
 * @throws BAD_CHECKPOINT
 */
export async function orBadCheckpoint<T extends Fitted>({ resumed }: KeptFit, work: Promise<T>): Promise<T> {
  try {
    const fitted = await work;
    const { weights, means, packedCovariances } = fitted.mixture;
    if (resumed === undefined || [weights, means, packedCovariances].every(areFinite)) return fitted;
    throw new Error("its mixture is not finite");
  } catch (error) {
    if (resumed === undefined || error instanceof EmixError) throw error;
    throw badCheckpoint(resumed.path, `no fit goes on from what it holds (${String(error)})`);
  }
}

interface Fitted {
  readonly mixture: Pick<Mixture, "weights" | "means" | "packedCovariances">;
}

function areFinite(numbers: Float64Array): boolean {
  return numbers.every(Number.isFinite);
}
