import seedrandom from "seedrandom";
import { cosineOfTurns } from "./elementary/cosine.ts";
import { logarithm } from "./elementary/logarithm.ts";

/** A stream of random numbers. Only this file knows the generator (seedrandom's Alea, 53 bits per draw). */
export interface Random {
  /** uniform on [0, 1) */
  uniform(): number;
  /** standard normal */
  normal(): number;
}

/** A seed of random numbers. 1 and "1" are different seeds. */
export type Seed = number | string;

/**
 * Makes the stream for one purpose. Streams of different (seed, purpose, index) are independent, so restarts draw the
 * same numbers in any order and on any thread.
 */
export function randomStream(seed: Seed, purpose: string, index = 0): Random {
  const generator = seedrandom.alea(`${typeof seed}:${seed}/${purpose}/${index}`);
  const uniform = () => generator.double();
  return { uniform, normal: () => standardNormal(uniform) };
}

/** The Box–Muller transform. 1 − u is never 0. */
function standardNormal(uniform: () => number): number {
  const radius = Math.sqrt(-2 * logarithm(1 - uniform()));
  return radius * cosineOfTurns(uniform());
}
