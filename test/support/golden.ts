import { readFileSync } from "node:fs";

/** The reference results of one system, by file name; see test/golden/README.md. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), "utf8")) as T;
}

/** Fixtures write an array once and `"same as <name>"` where it comes again. */
export type OrSameAs<T> = T | string;

/** Follows `"same as <name>"` to the entry that holds the value. */
export function resolved<Entry extends { readonly name: string }, T>(
  entries: readonly Entry[],
  value: OrSameAs<T>,
  pick: (entry: Entry) => OrSameAs<T>,
): T {
  if (typeof value !== "string") return value;
  const name = value.replace(/^same as /, "");
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new Error(`fixture refers to an unknown entry: ${value}`);
  return resolved(entries, pick(entry), pick);
}
