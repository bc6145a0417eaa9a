import { pictureFailed } from "./errors.ts";

/**
 * An SVG document, as pairPicture makes it, as a PNG. Text is drawn with the fonts of the machine; on a machine without
 * any, it is left out.
 * in: width, in pixels; default the width of the document twice
 * @throws INVALID_OPTION where the document cannot be drawn
 */
export async function reportPng(svg: string, { width }: { readonly width?: number } = {}): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  const fitTo =
    width === undefined ? ({ mode: "zoom", value: 2 } as const) : ({ mode: "width", value: width } as const);
  const font = { loadSystemFonts: true, sansSerifFamily: "sans-serif" };
  try {
    return new Resvg(svg, { fitTo, font }).render().asPng();
  } catch (error) {
    throw pictureFailed(error);
  }
}
