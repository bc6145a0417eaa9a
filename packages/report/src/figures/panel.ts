import { greatest } from "@emix/core";
import type { Frame } from "../mixture/frame.ts";
import { shorten } from "../words/names.ts";
import type { Drawing, Mark } from "./drawing.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Sizes of figures in CSS pixels: a figure of its own is drawn twice, for wide and for narrow windows. */
export const WIDE: Size = { width: 1040, height: 480 };
export const NARROW: Size = { width: 356, height: 340 };
export const SMALL: Size = { width: 336, height: 272 };

const LETTER = 6.3;
/** An axis has no more. */
const MOST_TICKS = 12;
const GRID = { stroke: "var(--grid)", strokeOpacity: 1 } as const;

export interface Axes {
  readonly x: Frame;
  readonly y: Frame;
  readonly xLabel: string;
  readonly yLabel: string;
}

/** Marks between two linear axes. */
export function panel({ plot, svg }: Drawing, size: Size, axes: Axes, marks: readonly Mark[]): string {
  const { left, top, right, bottom } = marginsOf(axes);
  const letters = Math.floor((size.width - left) / (LETTER + 0.5));
  const ticks = { x: Math.round(size.width / (size.width > 600 ? 110 : 85)), y: Math.round(size.height / 70) };
  return svg({
    ...size,
    marginTop: top,
    marginRight: right,
    marginBottom: bottom,
    marginLeft: left,
    x: { ...axis(axes.x, shorten(axes.xLabel, letters), ticks.x), labelAnchor: "center", labelOffset: 36 },
    y: axis(axes.y, shorten(axes.yLabel, letters), ticks.y),
    marks: [plot.gridX({ ...GRID, ticks: ticks.x }), plot.gridY({ ...GRID, ticks: ticks.y }), ...marks],
  });
}

function axis(frame: Frame, label: string, ticks: number) {
  const { low, high } = frame;
  const tickFormat = (value: number) => tickText(value, frame);
  return { domain: [low, high], label, labelArrow: "none", ticks, tickSize: 4, tickFormat, type: "linear" } as const;
}

/** A number of an axis, with the digits that tell its neighbours apart. */
export function tickText(value: number, { low, high }: Frame): string {
  const decimals = Math.ceil(-Math.log10((high - low) / MOST_TICKS));
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (size < 1e-4 || (size >= 1e9 && decimals < -4)) {
    const digits = Math.max(0, Math.floor(Math.log10(size)) + decimals);
    const text = value.toExponential(Math.min(6, digits)).replace(/\.?0*e\+?/, "e");
    return value === 0 ? "0" : text.replace(/-/g, "−");
  }
  const shown = Math.min(12, Math.max(0, decimals));
  const text = value.toLocaleString("en-US", { maximumFractionDigits: shown, useGrouping: Math.abs(value) >= 1e4 });
  return text.replace(/^-0$/, "0").replace(/^-/, "−");
}

/** Space about the marks: to the left as much as the numbers there need. */
function marginsOf({ y }: Axes): { top: number; right: number; bottom: number; left: number } {
  const middle = (y.low + y.high) / 2;
  const step = (y.high - y.low) / 5;
  const letters = [y.low, y.high, middle, middle + step].map((value) => tickText(value, y).length);
  return { top: 26, right: 14, bottom: 42, left: Math.round(18 + LETTER * Math.max(3, greatest(letters))) };
}

/** Where a panel's script finds its marks: data attributes with the frame and its place in the SVG. */
export function placeOf({ width, height }: Size, axes: Axes): string {
  const { left, top, right, bottom } = marginsOf(axes);
  const frame = [axes.x.low, axes.x.high, axes.y.low, axes.y.high];
  return `data-frame="${frame.join(" ")}" data-box="${[left, width - right, height - bottom, top].join(" ")}"`;
}
