import { logVolume, logVolumes, openPoints, streamTiles, transformed, transformTiles } from "@emix/core";
import fc from "fast-check";
import { expect, test } from "vitest";

const transform = fc.record({
  log: fc.boolean(),
  centre: fc.double({ min: -10, max: 10, noNaN: true }),
  scale: fc.double({ min: 0.1, max: 10, noNaN: true }),
});

test("the volume is the logarithm of the derivative of the transform", () => {
  fc.assert(
    fc.property(transform, fc.double({ min: 0.1, max: 100, noNaN: true }), (how, value) => {
      const step = value * 1e-6;
      const slope = (transformed(value + step, how) - transformed(value - step, how)) / (2 * step);
      expect(logVolume([transformed(value, how)], [how])).toBeCloseTo(Math.log(slope), 6);
    }),
  );
});

test("tiles are transformed number by number, and so are their volumes", async () => {
  const rows = [
    [1, 2],
    [3, 4],
    [5, 0.5],
  ];
  const transforms = [
    { log: true, centre: 1, scale: 2 },
    { log: false, centre: -1, scale: 4 },
  ];
  const tiles = transformTiles(await streamTiles(openPoints(rows)), transforms);
  const expected = rows.map((row) => row.map((value, j) => transformed(value, transforms[j])));
  expect([...tiles.data.slice(0, 3)]).toEqual(expected.map(([first]) => first));
  expect([...logVolumes(tiles, transforms)]).toEqual(expected.map((point) => logVolume(point, transforms)));
});
