import { type ReportData, reportPage } from "@emix/report";
import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, test } from "vitest";
import { madeReport } from "../../../support/reports.ts";

const HOSTILE = `<script>alert("1")</script>&amp;'"><img src=x onerror=alert(1)>`;

const selection = [1, 2, 3].flatMap((components) =>
  ["full", "diag"].map((covarianceType) => ({ components, covarianceType, bic: 100 / components, icl: null })),
);

const whole = madeReport(
  { groups: 3, features: 4, rows: 300 },
  {
    selection,
    warnings: ["Group 0 is thin."],
    traces: [{ bounds: [-4, -3, -2.5] }, { bounds: [-5], failure: "It collapsed." }],
  },
);

interface Element {
  readonly tagName: string;
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
}

function parsed(page: string): Element & { getElementById(id: string): Element | null } {
  return parseHTML(page).document as never;
}

const bytes = (text: string) => new TextEncoder().encode(text).length;

describe("a page", () => {
  let page: string;
  let document: ReturnType<typeof parsed>;
  const all = (selector: string) => [...document.querySelectorAll(selector)];

  beforeAll(async () => {
    page = await reportPage(whole);
    document = parsed(page);
  });

  test("is the same for the same data", async () => {
    expect(await reportPage(whole)).toBe(page);
  });

  test("has every part, under headings in order", () => {
    expect(all("h1").length).toBe(1);
    expect(all("h2").map(({ textContent }) => textContent)).toEqual([
      "What was found",
      "Warnings",
      "The groups",
      "Pairs of columns",
      "One column at a time",
      "How sure the grouping is",
      "Unusual rows",
      "How many groups",
      "How the fit went",
      "How the data were read",
      "Where this comes from",
    ]);
    expect(
      all("nav a").map((link) => document.getElementById(link.getAttribute("href")?.slice(1) ?? "")?.tagName),
    ).toEqual(new Array(11).fill("SECTION"));
  });

  test("gives every figure a text alternative and a caption", () => {
    const figures = all("figure");
    expect(figures.length).toBe(1 + 1 + 5 + 4 + 1 + 1 + 1);
    for (const figure of figures) {
      expect(figure.querySelector("figcaption")?.textContent.trim()).toMatch(/.{10,}/);
      const pictures = [...figure.querySelectorAll(".plot > svg")];
      expect(pictures.length).toBeGreaterThan(0);
      for (const svg of pictures) {
        expect(svg.getAttribute("role")).toBe("img");
        expect(svg.getAttribute("aria-label")).toMatch(/.{10,}/);
        const description = document.getElementById(svg.getAttribute("aria-describedby") ?? "");
        expect(description?.tagName.toLowerCase()).toBe("desc");
        expect(description?.textContent).toMatch(/\d/);
      }
    }
  });

  test("gives every table a caption and every head a scope", () => {
    expect(all("table").length).toBe(3);
    for (const table of all("table")) expect(table.querySelector("caption")?.textContent).toMatch(/\w/);
    for (const head of all("th")) expect(head.getAttribute("scope")).toMatch(/^(col|row|colgroup)$/);
  });

  test("has landmarks, a skip link and ids that occur once", () => {
    for (const landmark of ["header", "nav", "main", "footer"]) expect(all(landmark).length, landmark).toBe(1);
    expect(document.querySelector("a")?.getAttribute("href")).toBe("#main");
    const ids = all("[id]").map((element) => element.getAttribute("id"));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("refers to nothing outside itself, and its policy allows nothing more", () => {
    expect(all("[src], link, iframe, object, image, use").map(({ tagName }) => tagName)).toEqual([]);
    expect(all("[style], [onclick], [onload]").map(({ tagName }) => tagName)).toEqual([]);
    expect(all("[href]").filter((link) => !link.getAttribute("href")?.startsWith("#"))).toEqual([]);
    const policy = document.querySelector("meta[http-equiv]")?.getAttribute("content");
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[\w+/=]{44}'; style-src 'sha256-[\w+/=]{44}'; img-src data:; /,
    );
  });

  test("runs at most 20 kB of script", () => {
    const scripts = all("script").filter((script) => script.getAttribute("type") === null);
    expect(scripts.length).toBe(1);
    expect(bytes(scripts[0].textContent)).toBeLessThanOrEqual(20_000);
  });
});

test("nothing that comes from data is read as HTML", async () => {
  const hostile: ReportData = {
    ...whole,
    title: HOSTILE,
    reading: [HOSTILE],
    columns: whole.columns.map((_, i) => `${HOSTILE}${i}`),
    units: whole.columns.map(() => HOSTILE),
    warnings: [HOSTILE],
    provenance: { [HOSTILE]: HOSTILE },
    selection: selection.map((one) => ({ ...one, covarianceType: HOSTILE })),
    mixture: { ...whole.mixture, covarianceType: HOSTILE },
    fit: { ...whole.fit, options: { [HOSTILE]: HOSTILE } },
    traces: [{ bounds: [1, 2], failure: HOSTILE }],
  };
  const page = await reportPage(hostile);
  const document = parsed(page);
  expect([...document.querySelectorAll("script")].length).toBe(2);
  expect([...document.querySelectorAll("img")].length).toBe(0);
  expect(document.querySelector("h1")?.textContent).toBe(HOSTILE);
  expect(page.split("<script").length - 1).toBe(2);
  expect(page).not.toContain("<img");
  const data = JSON.parse(document.getElementById("data")?.textContent ?? "");
  expect(data.columns[0].name).toBe(`${HOSTILE}0`);
});

test.each([
  { groups: 1, features: 1, rows: 50 },
  { groups: 2, features: 1, rows: 50 },
  { groups: 1, features: 3, rows: 0 },
  { groups: 12, features: 2, rows: 100 },
])("stands for $groups groups, $features features and $rows rows", async (scale) => {
  const page = await reportPage(madeReport(scale));
  expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
});

test("a name that looks like an attribute stays as it is", async () => {
  const names = [' d="1.23456" aria-label="x"', ' class="plot-1"'];
  const report = { ...madeReport({ groups: 2, features: 2, rows: 20 }), columns: names };
  const texts = [...parsed(await reportPage(report)).querySelectorAll("svg text")].map((text) => text.textContent);
  expect(texts).toEqual(expect.arrayContaining(names.map((name) => name.trim())));
});

test("is at most 2 MB for many groups, features, starts and models", async () => {
  const many = madeReport({ groups: 150, features: 60, rows: 4000 });
  const traces = Array.from({ length: 40 }, () => ({
    bounds: Array.from({ length: 1000 }, (_, i) => -1000 / (i + 1)),
  }));
  const page = await reportPage({ ...many, traces, selection });
  expect(bytes(page)).toBeLessThanOrEqual(2_000_000);
  expect(page).not.toMatch(/NaN|undefined/);
});

test("says when it shows a part of the columns only", async () => {
  const page = await reportPage(madeReport({ groups: 2, features: 30, rows: 100 }));
  expect(page).toContain("There are 30 columns; these are the pairs of the 5 in which the groups differ most.");
  expect(page).toContain("Of 30 columns, 12 are shown.");
  expect(page).toContain("These are the 16 of 30 columns in which the groups differ most.");
});

test("a few far rows do not squeeze the picture; they are counted", async () => {
  const report = madeReport({ groups: 2, features: 2, rows: 400 });
  const values = Array.from(report.sample.values);
  values[0] = 1e6;
  const page = await reportPage({ ...report, sample: { ...report.sample, values } });
  expect(page.replaceAll("\u00a0", " ")).toContain("1 row of 400 lies outside the picture.");
});

test("a feature and a group without any width are drawn", async () => {
  const report = madeReport({ groups: 2, features: 2, rows: 40 });
  const covariances = [1, 0, 0, 0, 0, 0, 0, 0];
  const page = await reportPage({ ...report, mixture: { ...report.mixture, covariances } });
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
});
