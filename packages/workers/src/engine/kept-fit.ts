import type { FitSurroundings, KernelSettings, Tiles } from "@emix/core";
import type { CancelFlag } from "../cancel.ts";
import { CheckpointKeeper, type KeptFit } from "../checkpoint/checkpoint.ts";
import { differences, fingerprintOf } from "../checkpoint/fingerprint.ts";
import { checkpointMismatch } from "../errors.ts";
import type { PointsJob } from "./job.ts";

/**
 * What writes the checkpoints of a fit, if it wants any. A fit that goes on from one must have the same points and the same
 * arithmetic.
 * @throws CHECKPOINT_MISMATCH
 */
export async function keeperOf(
  { options, checkpoint, resumed }: KeptFit,
  tiles: Tiles,
  settings: KernelSettings,
): Promise<CheckpointKeeper | undefined> {
  if (checkpoint === undefined && resumed === undefined) return undefined;
  const fingerprint = await fingerprintOf(tiles, settings);
  if (resumed !== undefined) {
    const different = differences(resumed.checkpoint.fingerprint, fingerprint);
    if (different.length > 0) throw checkpointMismatch(resumed.path, different);
  }
  return checkpoint && new CheckpointKeeper(checkpoint, { fingerprint, options });
}

/** When a fit ends, and where it begins. */
export function surroundingsOf(
  job: PointsJob,
  keeper: CheckpointKeeper | undefined,
  flag: CancelFlag,
): FitSurroundings {
  if (job.kind !== "fit") return {};
  const ends = performance.now() + (job.timeBudget ?? Number.POSITIVE_INFINITY);
  return {
    stop: () => flag.isFinished || performance.now() >= ends,
    enough: () => flag.isFinished,
    from: job.resumed?.checkpoint.state,
    watch: (state) => keeper?.watch(state),
  };
}
