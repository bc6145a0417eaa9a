import type { SufficientStatistics } from "../statistics/sufficient-statistics.ts";
import type { ComponentEstimates } from "./estimate.ts";
import type { Judgement } from "./judgement.ts";
import type { LimitedCovariances } from "./limited-covariances.ts";

/** A judgement with some components judged again. in: components, rising; statistics, of all */
export function withJudged(
  before: Judgement,
  again: Judgement,
  components: readonly number[],
  statistics: SufficientStatistics,
): Judgement {
  const { limited } = before;
  const merged = (from: ComponentEstimates, own: ComponentEstimates): ComponentEstimates => {
    const directions = from.directions?.slice();
    if (directions !== undefined) {
      for (let i = 0; i < components.length; i++) directions[components[i]] = own.directions?.[i];
    }
    return { ...withRows(from, own, components), statistics, directions };
  };
  const data = merged(before.data, again.data);
  return {
    data,
    blended: before.blended === before.data ? data : merged(before.blended, again.blended),
    doubtful: again.doubtful.map((i) => components[i]),
    ...(limited && again.limited && { limited: withLimited(limited, again.limited, components) }),
  };
}

function withLimited(
  before: LimitedCovariances,
  again: LimitedCovariances,
  components: readonly number[],
): LimitedCovariances {
  const isJudged = new Set(components);
  const merged = <T extends { readonly component: number }>(from: readonly T[], own: readonly T[]): T[] =>
    [
      ...from.filter(({ component }) => !isJudged.has(component)),
      ...own.map((one) => ({ ...one, component: components[one.component] })),
    ].sort((a, b) => a.component - b.component);
  return {
    ...withRows(before, again, components),
    floored: merged(before.floored, again.floored),
    verdicts: merged(before.verdicts, again.verdicts),
  };
}

/** The same with other numbers of some components in all of its arrays. */
function withRows<T extends object>(from: T, own: T, components: readonly number[]): T {
  const changed = Object.entries(from).map(([name, values]) => {
    if (!(values instanceof Float64Array || values instanceof Uint8Array)) return [name, values];
    const other = own[name as keyof T] as typeof values;
    const width = other.length / components.length;
    const all = values.slice();
    for (let i = 0; i < components.length; i++)
      all.set(other.subarray(i * width, (i + 1) * width), components[i] * width);
    return [name, all];
  });
  return Object.fromEntries(changed);
}
