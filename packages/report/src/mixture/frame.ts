import { greatest, least } from "@emix/core";
import type { Groups } from "./groups.ts";

/** What a picture shows of one feature. */
export interface Frame {
  readonly low: number;
  readonly high: number;
}

/** Standard deviations about a mean that hold 95 % of a group in any direction of two features. */
const REACH = 2.4477;
const TAIL = 0.005;
const ROOM = 0.06;
/** How much wider than its middle a picture may be for the sake of its last points. */
const STRETCH = 1.35;

/** How far beyond the values, in shares of their width, a frame follows the groups. */
const BEYOND = 0.15;

/**
 * A frame about 99 % of the values at least, and about all of them unless a few lie far away. It holds the groups too,
 * but where one is much wider than its values, as a background is, no more than a little.
 */
export function frameOf(groups: Groups, feature: number, values: readonly number[]): Frame {
  const around = reachOf(groups, feature);
  if (values.length === 0) return pad(around);
  const sorted = [...values].sort((a, b) => a - b);
  const cut = Math.floor(TAIL * sorted.length);
  const most = { low: sorted[cut], high: sorted[sorted.length - 1 - cut] };
  const middle = hull(most, clip(around, most));
  const whole = hull(middle, { low: sorted[0], high: sorted[sorted.length - 1] });
  return pad(widthOf(whole) <= STRETCH * widthOf(middle) ? whole : middle);
}

/** From the lowest end of any group to the highest. */
function reachOf(groups: Groups, feature: number): Frame {
  const ends = (sign: number) =>
    groups.weights.map((_, c) => groups.mean(c, feature) + sign * REACH * groups.deviation(c, feature));
  return { low: least(ends(-1)), high: greatest(ends(1)) };
}

/** Values that are all the same clip nothing. */
function clip(frame: Frame, values: Frame): Frame {
  const room = BEYOND * widthOf(values);
  if (room === 0) return frame;
  return { low: Math.max(frame.low, values.low - room), high: Math.min(frame.high, values.high + room) };
}

export function isInside({ low, high }: Frame, value: number): boolean {
  return value >= low && value <= high;
}

function hull(a: Frame, b: Frame): Frame {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

function widthOf({ low, high }: Frame): number {
  return high - low;
}

/** Room at both ends; a feature that is constant gets a frame too. */
function pad({ low, high }: Frame): Frame {
  const room = ROOM * (high - low) || Math.abs(low) * 0.01 || 1;
  return { low: low - room, high: high + room };
}
