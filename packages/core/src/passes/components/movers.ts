import type { KernelShape } from "../../kernels/kernel.ts";
import { STAND } from "../../kernels/pair-lists.ts";
import { positionLength } from "../../kernels/position-numbers.ts";
import type { Executor } from "../executor.ts";
import type { ExpectationPass, MovesPass } from "../pass.ts";

/** What is known of where components stand, in memory that all threads share; as of `MovesPass`. */
export type Standing = Pick<MovesPass, "before" | "stands" | "inflations" | "moved">;

export type StandingShape = Pick<KernelShape, "components" | "features" | "covarianceType">;

export function standingBytes(shape: StandingShape): number {
  return shape.components * (8 * (positionLength(shape) + STAND.length + 1) + 1);
}

/** in: start, in bytes, a multiple of 8 */
export function standingIn(memory: ArrayBufferLike, start: number, shape: StandingShape): Standing {
  const { components } = shape;
  let at = start;
  const numbers = (length: number) => {
    const array = new Float64Array(memory, at, length);
    at += array.byteLength;
    return array;
  };
  const before = numbers(components * positionLength(shape));
  const stands = numbers(components * STAND.length);
  const inflations = numbers(components);
  return { before, stands, inflations, moved: new Uint8Array(memory, at, components) };
}

/**
 * The components that may have come nearer to some point than the skin allows, or gone farther away: to points of tiles
 * with references of `floor` or more. What is known of where they stand becomes that of the pass.
 * in: inflations, of variances, k; floor, null if nothing is known: then none has moved
 */
export async function moversBy(
  executor: Executor,
  { program, parameters }: ExpectationPass,
  inflations: Float64Array,
  { standing, floor }: { readonly standing: Standing; readonly floor: number | null },
): Promise<Int32Array> {
  if (program.kind === "reference") throw new Error("the reference kernel keeps no lists");
  const { arithmetic } = program.simd;
  const { components } = program.shape;
  const moved = standing.moved.subarray(0, components).fill(0);
  standing.inflations.set(inflations);
  const pass = { kind: "moves", parameters, shape: program.shape, arithmetic, floor, ...standing, moved } as const;
  await executor.run(pass, () => undefined);
  const movers: number[] = [];
  for (let component = 0; component < components; component++) if (moved[component] === 1) movers.push(component);
  return Int32Array.from(movers);
}
