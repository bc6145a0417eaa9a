import type { Balls } from "../../../../points/nodes.ts";
import { BALL } from "../../forms/sieve.ts";
import type { Numbers } from "../../language/setting.ts";
import type { Instance, Span } from "../instance.ts";

/** A ball in an instance's memory (forms/sieve.ts). */
export interface Ball {
  /** one number each: the least reference, and the radius */
  readonly floor: Float64Array;
  readonly radius: Float64Array;
  /** d */
  readonly centre: Float64Array;
}

export function ballAt(address: number, { view, shape: { features } }: Instance): Ball {
  return {
    floor: view(address + BALL.floor, 1),
    radius: view(address + BALL.radius, 1),
    centre: view(address + BALL.centre, features),
  };
}

/** Writes where a ball stands among nodes. */
export function placeBall({ radius, centre }: Ball, { radii, centroids }: Balls, index: number): void {
  radius[0] = radii[index];
  for (let j = 0, at = index * centre.length; j < centre.length; j++, at++) centre[j] = centroids[at];
}

/** Writes a ball as it stands elsewhere. */
export function copyBall(to: Ball, from: Ball): void {
  to.radius[0] = from.radius[0];
  to.centre.set(from.centre);
}

/** Finds where the points of a tile lie; the radius is about the centre as it is rounded. in: data, of a group */
export function findBall({ centre, radius }: Ball, data: Numbers, { from, points }: Span): void {
  const squares = new Float64Array(points);
  for (let j = 0, row = from * centre.length; j < centre.length; j++, row += points) {
    let sum = 0;
    for (let i = 0; i < points; i++) sum += data[row + i];
    const mean = sum / points;
    centre[j] = mean;
    for (let i = 0; i < points; i++) squares[i] += (data[row + i] - mean) * (data[row + i] - mean);
  }
  let most = 0;
  for (const squared of squares) if (!(squared <= most)) most = squared;
  radius[0] = Math.sqrt(most) * (1 + 2 ** -40);
}
