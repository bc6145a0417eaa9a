import type { Range } from "../../components/part.ts";
import { type Position, staying } from "../../kernels/position.ts";
import { type PositionShape, positionLength, writePositions } from "../../kernels/position-numbers.ts";
import type { Executor } from "../executor.ts";
import { NO_PARAMETERS } from "../pass.ts";
import { inWaves, paysInThreads } from "./waves.ts";

/**
 * The components that may have come nearer to some point than the skin allows, or gone farther away: to points of tiles
 * with references of `floor` or more. Threads look where that is much work.
 */
export async function moversBy(
  executor: Executor,
  before: readonly Position[],
  now: readonly Position[],
  floor: number,
): Promise<number[]> {
  const { covarianceType, pivot } = now[0];
  const shape = { components: now.length, features: pivot.length, covarianceType };
  if (paysInThreads(executor, shape)) return moversInWaves(executor, { shape, before, now, floor });
  const stays = staying(covarianceType, pivot.length, floor);
  return now.flatMap((position, component) => (stays(before[component], position) ? [] : [component]));
}

interface Given {
  readonly shape: PositionShape;
  readonly before: readonly Position[];
  readonly now: readonly Position[];
  readonly floor: number;
}

async function moversInWaves(executor: Executor, given: Given): Promise<number[]> {
  const movers: number[] = [];
  await inWaves(given.now.length, 8 * positionLength(given.shape), async (range) => {
    const moved = await movedAmong(executor, given, range);
    for (const [i, flag] of moved.entries()) if (flag === 1) movers.push(range.first + i);
  });
  return movers;
}

/** out: 1 or 0 for each of the components [first, end) */
function movedAmong(executor: Executor, given: Given, { first, end }: Range): Promise<Uint8Array> {
  const { shape, floor } = given;
  const count = end - first;
  const length = count * positionLength(shape);
  return executor.lend(16 * length + count, async (memory) => {
    const before = new Float64Array(memory, 0, length);
    const now = new Float64Array(memory, 8 * length, length);
    const moved = new Uint8Array(memory, 16 * length, count);
    writePositions(given.before.slice(first, end), before);
    writePositions(given.now.slice(first, end), now);
    const pass = { kind: "moves", parameters: NO_PARAMETERS, shape, before, now, floor, moved } as const;
    return executor.run(pass, () => moved.slice());
  });
}
