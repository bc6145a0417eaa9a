import { pairPicture, reportPng } from "@emix/report";
import { expect, test } from "vitest";
import { madeReport } from "../../support/reports.ts";

/** The size in the head of a PNG. */
function sizeOf(png: Uint8Array): { width: number; height: number } {
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(png.buffer, png.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

test("the pair picture becomes a PNG of the width asked for", async () => {
  const svg = await pairPicture(madeReport({ groups: 2, features: 3, rows: 100 }, { columns: ["a & b", "<i>", '"'] }));
  expect(svg).not.toContain("var(--");
  expect(sizeOf(await reportPng(svg))).toEqual({ width: 1520, height: 1040 });
  expect(sizeOf(await reportPng(svg, { width: 380 }))).toEqual({ width: 380, height: 260 });
});

test("of one feature, its distribution", async () => {
  const svg = await pairPicture(madeReport({ groups: 2, features: 1, rows: 100 }));
  expect(sizeOf(await reportPng(svg)).width).toBe(1520);
});

test("what is no SVG is refused", async () => {
  await expect(reportPng("<html>")).rejects.toMatchObject({ code: "INVALID_OPTION" });
});
