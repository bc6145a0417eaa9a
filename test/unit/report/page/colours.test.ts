import { reportPage } from "@emix/report";
import { describe, expect, test } from "vitest";
import { madeReport } from "../../../support/reports.ts";

type Rgb = readonly [number, number, number];
type Matrix = readonly [Rgb, Rgb, Rgb];

/** Linear light. */
function linear(hex: string): Rgb {
  const of = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [of(1), of(3), of(5)];
}

/** WCAG 2.2 */
function contrast(one: string, other: string): number {
  const light = (hex: string) => times([0.2126, 0.7152, 0.0722], linear(hex));
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const times = (row: Rgb, [r, g, b]: Rgb) => row[0] * r + row[1] * g + row[2] * b;
const through = (matrix: Matrix, colour: Rgb): Rgb => [
  times(matrix[0], colour),
  times(matrix[1], colour),
  times(matrix[2], colour),
];

/** Machado, Oliveira and Fernandes 2009, severity 1. */
const VISIONS: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Oklab, in which equal distances look alike. */
function oklab(colour: Rgb): Rgb {
  const cone = through(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    colour,
  );
  const [l, m, s] = cone.map((value) => Math.cbrt(Math.max(0, value)));
  return through(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [l, m, s],
  );
}

function distance(one: string, other: string, vision: Matrix): number {
  const [a, b] = [one, other].map((hex) => oklab(through(vision, linear(hex))));
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** The properties that the page's style sheet sets for a theme. */
async function theme(name: string): Promise<Record<string, string>> {
  const page = await reportPage(madeReport({ groups: 2, features: 2, rows: 20 }));
  const block = new RegExp(`:root\\[data-theme=${name}\\]\\{([^}]*)\\}`).exec(page)?.[1] ?? "";
  return Object.fromEntries([...block.matchAll(/--([\w-]+):(#[0-9a-f]{6});/g)].map(([, key, colour]) => [key, colour]));
}

describe.each(["light", "dark"])("the %s theme", (name) => {
  test("has text of contrast 4.5 or more on each of its grounds", async () => {
    const colours = await theme(name);
    for (const text of ["ink", "muted", "accent"]) {
      for (const ground of ["page", "surface"]) {
        expect(contrast(colours[text], colours[ground]), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(colours.ink, colours.notice)).toBeGreaterThanOrEqual(4.5);
  });

  test("has eight colours for groups, of contrast 3 or more", async () => {
    const colours = await theme(name);
    for (let group = 0; group < 8; group++) {
      expect(contrast(colours[`group-${group}`], colours.page), `group ${group}`).toBeGreaterThanOrEqual(3);
      expect(contrast(colours[`group-${group}`], colours.surface), `group ${group}`).toBeGreaterThanOrEqual(3);
    }
  });

  test.each(Object.entries(VISIONS))("keeps the colours of groups apart: %s", async (_, vision) => {
    const colours = await theme(name);
    const all = Array.from({ length: 8 }, (__, i) => colours[`group-${i}`]);
    const pairs = all.flatMap((one, i) => all.slice(0, i).map((other) => [one, other] as const));
    const close = pairs.filter(([one, other]) => distance(one, other, vision) < 0.08);
    expect(close).toEqual([]);
  });
});
