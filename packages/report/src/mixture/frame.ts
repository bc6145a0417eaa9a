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

/** A frame about the groups and 99 % of the values at least; about all values unless a few of them lie far away. */
export function frameOf(groups: Groups, feature: number, values: readonly number[]): Frame {
  const sorted = [...values].sort((a, b) => a - b);
  const last = sorted.length - 1;
  const cut = Math.floor(TAIL * sorted.length);
  const ends = groups.weights.flatMap((_, c) => {
    const reach = REACH * groups.deviation(c, feature);
    return [groups.mean(c, feature) - reach, groups.mean(c, feature) + reach];
  });
  const middle = hull([...ends, ...(last < 0 ? [] : [sorted[cut], sorted[last - cut]])]);
  const whole = hull([middle.low, middle.high, ...(last < 0 ? [] : [sorted[0], sorted[last]])]);
  return padded(whole.high - whole.low <= STRETCH * (middle.high - middle.low) ? whole : middle);
}

export function isInside({ low, high }: Frame, value: number): boolean {
  return value >= low && value <= high;
}

function hull(values: readonly number[]): Frame {
  return { low: Math.min(...values), high: Math.max(...values) };
}

/** Room at both ends; a feature that is constant gets a frame too. */
function padded({ low, high }: Frame): Frame {
  const room = ROOM * (high - low) || Math.abs(low) * 0.01 || 1;
  return { low: low - room, high: high + room };
}
