import type { RenderFunction } from "./drawing.ts";

/** What of an SVG element is needed here; the page is made without a browser's types. */
export interface SvgElement {
  textContent: string | null;
  setAttribute(name: string, value: string): void;
  append(...children: SvgElement[]): void;
}

interface SvgDocument {
  createElementNS(namespace: string, name: string): SvgElement;
}

/** The plane of a plot: units of the axes → pixels. */
export interface Plane {
  x(value: number): number;
  y(value: number): number;
  /** the part between the axes, in pixels; an svg element with these attributes shows nothing outside of it */
  readonly inside: Attributes;
  element(name: string, attributes: Attributes): SvgElement;
}

type Attributes = Readonly<Record<string, string | number>>;

/** A mark of our own for Plot. */
export function layer(draw: (plane: Plane) => SvgElement): RenderFunction {
  return (...[, { x, y }, , dimensions, context]) => {
    const document = context.document as unknown as SvgDocument;
    const element = (name: string, attributes: Attributes) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
      return made;
    };
    return draw({
      x: x as Plane["x"],
      y: y as Plane["y"],
      inside: insideOf(dimensions),
      element,
    }) as unknown as ReturnType<RenderFunction>;
  };
}

type Dimensions = Parameters<RenderFunction>[3];

function insideOf({ width, height, marginLeft, marginRight, marginTop, marginBottom }: Dimensions): Attributes {
  const size = { width: width - marginLeft - marginRight, height: height - marginTop - marginBottom };
  return { x: marginLeft, y: marginTop, ...size, viewBox: `${marginLeft} ${marginTop} ${size.width} ${size.height}` };
}
