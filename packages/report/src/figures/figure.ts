import { type Html, html, raw } from "../page/html.ts";
import { NARROW, type Size, SMALL, WIDE } from "./panel.ts";

/** A figure: a picture with a text alternative and a caption. */
export interface Figure {
  /** unique in the page */
  readonly id: string;
  /** what it is */
  readonly title: string;
  /** what it shows, with numbers */
  readonly description: string;
  readonly caption: Html;
  readonly draw: (size: Size) => string;
  /** attributes of the picture for the script, by size */
  readonly place?: (size: Size) => string;
  /** Sizes of the drawing. Default WIDE and NARROW. */
  readonly sizes?: { readonly wide: Size; readonly narrow: Size };
}

/** A figure as wide as the page, drawn twice: for wide and for narrow windows. */
export function wideFigure(figure: Figure): Html {
  const { wide, narrow } = figure.sizes ?? { wide: WIDE, narrow: NARROW };
  return html`<figure id="${figure.id}" class="whole">
${picture(figure, wide, "wide")}
${picture(figure, narrow, "narrow")}
<figcaption>${figure.caption}</figcaption>
</figure>`;
}

/** A figure among others of its kind. */
export function smallFigure(figure: Figure): Html {
  return html`<figure id="${figure.id}">
${picture(figure, SMALL, "small")}
<figcaption>${figure.caption}</figcaption>
</figure>`;
}

function picture({ id, title, description, draw, place }: Figure, size: Size, kind: string): Html {
  const label = `${id}-${kind}`;
  const attributes = html`role="img" aria-label="${title}" aria-describedby="${label}"`;
  const svg = draw(size).replace("<svg", `<svg ${attributes.text}`);
  const opening = /^<svg[^>]*>/.exec(svg)?.[0] ?? "";
  const described = opening + html`<desc id="${label}">${description}</desc>`.text + svg.slice(opening.length);
  return html`<div class="plot ${kind}" ${raw(place?.(size) ?? "")}>${raw(described)}</div>`;
}
