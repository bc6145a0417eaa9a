/** Characters that a terminal or a page would obey rather than show: controls, directions of writing, line ends. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** A name or a sentence of the caller's, on one line and harmless in a terminal. */
export function plainText(text: string): string {
  return text
    .replace(/[\t\r\n]+/g, " ")
    .replace(UNSEEN, "\ufffd")
    .trim();
}

/** The most letters of a column's name that are shown. */
const MOST_LETTERS = 64;

/** Names of columns as people see them; a nameless one gets its number, an endless one an end. */
export function columnNames(columns: readonly string[]): string[] {
  return columns.map((name, i) => shorten(plainText(name), MOST_LETTERS) || `column ${i + 1}`);
}

export function shorten(text: string, most: number): string {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
}

/** "a", "a and b", "a, b and c" */
export function listNames(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
}
