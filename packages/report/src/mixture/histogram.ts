import type { Frame } from "./frame.ts";

export interface Bar {
  readonly low: number;
  readonly high: number;
  readonly rows: number;
  /** share of the values by unit of the feature */
  readonly density: number;
}

const FEWEST = 8;
const MOST = 44;
/** Steps that people round to. */
const STEPS = [1, 0.1, 0.01, 0.001];

/**
 * 8 to 44 bars, fewer for few values. Where values are rounded, a bar holds whole steps, so that none holds two where
 * its neighbour holds one.
 * in: frame, what is shown; narrowest, the least width of a bar that is of use
 */
export function histogram(values: readonly number[], frame: Frame, narrowest: number): Bar[] {
  const { low, high } = frame;
  const most = Math.max(FEWEST, Math.min(MOST, Math.ceil(2 * Math.sqrt(values.length))));
  const bins = Math.max(FEWEST, Math.min(most, Math.ceil((high - low) / narrowest)));
  const { start, width } = wholeSteps(values, low, (high - low) / bins) ?? { start: low, width: (high - low) / bins };
  const rows = new Array<number>(Math.ceil((high - start) / width)).fill(0);
  for (const value of values) if (value >= low && value <= high) rows[binOf(value, start, width, rows.length)]++;
  return rows.map((some, i) => ({
    low: Math.max(low, start + i * width),
    high: Math.min(high, start + (i + 1) * width),
    rows: some,
    density: some / values.length / width || 0,
  }));
}

function binOf(value: number, start: number, width: number, bins: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor((value - start) / width)));
}

/** Bins of whole steps about as wide as wanted, or null where values are not rounded as coarsely as that. */
function wholeSteps(values: readonly number[], low: number, width: number): { start: number; width: number } | null {
  const step = STEPS.find((one) => values.every((value) => Math.abs(value / one - Math.round(value / one)) < 1e-6));
  if (step === undefined || values.length === 0 || step < width / 20) return null;
  return { start: (Math.ceil(low / step) - 0.5) * step, width: Math.max(1, Math.round(width / step)) * step };
}
