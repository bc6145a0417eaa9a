import type { Balls } from "../../points/nodes.ts";

// Which balls no centre is near to.

/** Covers the rounding of computed distances, of points and of centroids. */
const MARGIN = 1 - 1e-9;
/** The most groups that are passed over after looking in vain. */
const MOST_PASSED_OVER = 15;
/** Squares of less might underflow. */
const LEAST_DISTANCE = 2 ** -450;

/** Whether no point of a ball is nearer to the centre than `greatest` says. in: greatest, D² */
export function isFar(centre: Float64Array, { centroids, radii }: Balls, ball: number, greatest: number): boolean {
  if (greatest === 0) return true;
  let squares = 0;
  for (let j = 0, at = ball * centre.length; j < centre.length; j++, at++) {
    const z = centre[j] - centroids[at];
    squares += z * z;
  }
  const least = Math.sqrt(squares) * MARGIN - radii[ball];
  return least > LEAST_DISTANCE && least * least * MARGIN >= greatest;
}

/** Decides whether to look for tiles that can be left alone, which does not pay where there are hardly any. This changes no result. */
export class Doubt {
  #wait = 0;
  #next = 0;

  /** Whether the next group is taken as it is. */
  passesOver(): boolean {
    if (this.#wait === 0) return false;
    this.#wait--;
    return true;
  }

  /** in: whether a group that was looked at had tiles to be left alone */
  learn(worthIt: boolean): void {
    this.#next = worthIt ? 0 : Math.min(2 * this.#next + 1, MOST_PASSED_OVER);
    this.#wait = this.#next;
  }
}
