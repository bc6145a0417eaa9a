import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { reportPage } from "@emix/report";
import axe, { type AxeResults } from "axe-core";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { madeReport } from "../support/reports.ts";
import { demoReport } from "./demo.ts";

// Pages in a real browser. Screenshots of all are left in a temporary folder, whose path the test prints.

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const HEIGHT = 900;
const folder = mkdtempSync(join(tmpdir(), "emix-report-"));

let browser: Browser;

beforeAll(async () => {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`Expected Chromium at ${CHROMIUM}; install it (apt-get install -y chromium) or set CHROMIUM.`);
  }
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  console.log(`screenshots: ${folder}`);
});

afterAll(() => browser?.close());

type Scheme = "light" | "dark";

interface Opened {
  readonly page: Page;
  /** what went wrong in the page: messages on its console, errors, violations of its policy */
  readonly troubles: string[];
  readonly requests: string[];
}

async function open(html: string, width: number, colorScheme: Scheme): Promise<Opened> {
  const file = join(folder, "page.html");
  writeFileSync(file, html);
  const page = await browser.newPage({ viewport: { width, height: HEIGHT }, colorScheme });
  const troubles: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => troubles.push(message.text()));
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  return { page, troubles, requests: requests.slice(1) };
}

/** The value of a CSS property of the body. */
function style(page: Page, property: string): Promise<string> {
  return page.evaluate(`getComputedStyle(document.body).getPropertyValue("${property}")`);
}

/**
 * What axe holds against a page: a rule, and the places that break it. It cannot tell what lies behind text in figures;
 * test/unit/report/page/colours.test.ts has the contrasts of all colours.
 */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate<AxeResults>("axe.run()");
  expect(passes.map(({ id }) => id)).toContain("color-contrast");
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join("; ")}`,
  );
}

/** Pixels by which the page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}

/** Where a plot shows a point, in the window. */
async function placeOf(plot: Locator, x: number, y: number): Promise<{ x: number; y: number }> {
  const numbers = async (name: string) => (await plot.getAttribute(name))?.split(" ").map(Number) ?? [];
  const [x0, x1, y0, y1] = await numbers("data-frame");
  const [left, right, bottom, top] = await numbers("data-box");
  const box = await plot.boundingBox();
  return {
    x: (box?.x ?? 0) + left + ((x - x0) / (x1 - x0)) * (right - left),
    y: (box?.y ?? 0) + bottom + ((y - y0) / (y1 - y0)) * (top - bottom),
  };
}

describe.each(["iris", "faithful"] as const)("the report of %s", (name) => {
  let html: string;
  beforeAll(async () => {
    html = await reportPage(await demoReport(name));
  });

  describe.each(["light", "dark"] as const)("in %s", (scheme) => {
    test.each([1280, 390])("at %d pixels opens without a message, a request or a sideways scroll", async (width) => {
      const { page, troubles, requests } = await open(html, width, scheme);
      await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: true });
      expect(troubles).toEqual([]);
      expect(requests).toEqual([]);
      expect(await overflow(page)).toBe(0);
      expect(await style(page, "color-scheme")).toBe(scheme);
      expect(await faults(page)).toEqual([]);
      await page.close();
    });
  });
});

describe("a page", () => {
  const report = madeReport({ groups: 3, features: 3, rows: 200 });
  let html: string;
  beforeAll(async () => {
    html = await reportPage(report);
  });

  test("tells exact values under the pointer", async () => {
    const { page, troubles } = await open(html, 1280, "light");
    const plot = page.locator("#found .plot.wide");
    await plot.scrollIntoViewIfNeeded();
    const place = await placeOf(plot, report.sample.values[0], report.sample.values[1]);
    await page.mouse.move(place.x, place.y);
    const tip = page.locator("#tip");
    expect(await tip.isVisible()).toBe(true);
    const text = await tip.textContent();
    expect(text).toContain("group 0");
    expect(text).toContain(`feature 0: ${report.sample.values[0]}\nfeature 1: ${report.sample.values[1]}`);
    await page.screenshot({ path: join(folder, "hover.png") });
    await page.mouse.move(2, 2);
    expect(await tip.isVisible()).toBe(false);
    expect(troubles).toEqual([]);
    await page.close();
  });

  test("goes from point to point by the arrow keys, and says so to a screen reader", async () => {
    const { page } = await open(html, 1280, "light");
    await page.locator("#found .plot.wide").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const live = await page.locator("#live").textContent();
    expect(live).toMatch(/group \d\nfeature 0: /);
    const xs = Array.from(report.sample.values).filter((_, i) => i % 3 === 0);
    const second = [...xs].sort((a, b) => a - b)[1];
    expect(live).toContain(`feature 0: ${second}\n`);
    await page.keyboard.press("Escape");
    expect(await page.locator("#tip").isVisible()).toBe(false);
    await page.close();
  });

  test("changes its theme by a button, drawings included", async () => {
    const { page } = await open(html, 1280, "light");
    const stroke = () => page.evaluate('getComputedStyle(document.querySelector(".ellipses path")).stroke');
    const light = await stroke();
    await page.getByRole("button", { name: "Dark theme" }).click();
    expect(await style(page, "color-scheme")).toBe("dark");
    expect(await stroke()).not.toBe(light);
    await page.getByRole("button", { name: "Light theme" }).click();
    expect(await stroke()).toBe(light);
    await page.close();
  });

  test("shows every figure to a screen reader as a picture with a description", async () => {
    const { page } = await open(html, 1280, "light");
    const pictures = await page.getByRole("img").all();
    const figures = await page.locator("figure").count();
    expect(pictures.length).toBe(figures);
    const tree = await page.locator("body").ariaSnapshot();
    expect(tree).toContain('heading "What was found" [level=2]');
    expect(tree).toContain('img "feature 1 against feature 0: rows, density and groups"');
    expect(tree).toContain('columnheader "Share"');
    await page.close();
  });

  test("is printed light and whole, whatever the theme", async () => {
    const { page } = await open(html, 1280, "dark");
    await page.emulateMedia({ media: "print" });
    expect(await style(page, "--page")).toBe("#ffffff");
    expect(await page.getByRole("button").count()).toBe(0);
    const pdf = await page.pdf({ path: join(folder, "page.pdf"), format: "A4" });
    expect(pdf.length).toBeGreaterThan(10_000);
    await page.close();
  });

  test("holds its layout with endless names, many columns and many groups", async () => {
    const many = madeReport({ groups: 20, features: 24, rows: 500 });
    const names = many.columns.map((_, i) => `${"an_endless_name_of_a_column".repeat(4)}${i}`);
    const html = await reportPage({ ...many, title: "x".repeat(300), columns: names, warnings: ["y".repeat(400)] });
    for (const width of [1280, 390]) {
      const { page, troubles } = await open(html, width, "light");
      await page.screenshot({ path: join(folder, `many-${width}.png`), fullPage: true });
      expect(await overflow(page), `${width} pixels`).toBe(0);
      expect(troubles).toEqual([]);
      await page.close();
    }
  });

  test("runs nothing that comes from data", async () => {
    const attack = '</script><script>console.log("ran")</script><img src=x onerror=console.log(1)>';
    const hostile = { ...report, title: attack, columns: report.columns.map((_, i) => attack + i), warnings: [attack] };
    const { page, troubles, requests } = await open(await reportPage(hostile), 1280, "light");
    expect(troubles).toEqual([]);
    expect(requests).toEqual([]);
    expect(await page.title()).toBe(attack);
    await page.close();
  });
});
