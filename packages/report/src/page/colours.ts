/** One theme: custom properties of the page, without the leading dashes. */
export type Theme = Readonly<Record<string, string>>;

/** Eight colours that stay apart for every kind of colour vision, each with a contrast of 3 or more to its page. */
const LIGHT_GROUPS = ["#2d3ba4", "#cd7d06", "#2b9c7e", "#710c62", "#1a7499", "#796532", "#9b7de9", "#364603"];
const DARK_GROUPS = ["#7d9af5", "#f0a048", "#6fe3c1", "#b98a96", "#35c6f4", "#f3dc72", "#a552a8", "#7d8d33"];

export const LIGHT: Theme = {
  page: "#fbfbf9",
  surface: "#ffffff",
  ink: "#1b1f24",
  muted: "#565d66",
  rule: "#e2e3df",
  grid: "#f0f0ec",
  accent: "#2d3ba4",
  density: "#6a7280",
  bar: "#d5d8dc",
  notice: "#fbf3e0",
  "notice-rule": "#b97a10",
  ...numberColours(LIGHT_GROUPS),
};

export const DARK: Theme = {
  page: "#14161a",
  surface: "#1a1d22",
  ink: "#e8e9eb",
  muted: "#a3aab4",
  rule: "#2e333a",
  grid: "#1f2329",
  accent: "#8ea6f7",
  density: "#9aa3b0",
  bar: "#3a4049",
  notice: "#2a2418",
  "notice-rule": "#e0a43e",
  ...numberColours(DARK_GROUPS),
};

function numberColours(colours: readonly string[]): Theme {
  return Object.fromEntries(colours.map((colour, i) => [`group-${i}`, colour]));
}

/** in: text with var(--name); out: the same with the colours of one theme, for programs without custom properties */
export function inTheme(text: string, theme: Theme): string {
  return text.replace(/var\(--([\w-]+)\)/g, (_, name: string) => theme[name]);
}

/** The properties as CSS declarations. */
export function declarations(theme: Theme): string {
  return Object.entries(theme)
    .map(([name, colour]) => `--${name}:${colour};`)
    .join("");
}
