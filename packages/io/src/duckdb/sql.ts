/** A name as SQL takes it, whatever its characters. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL takes it. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path as a pattern that no other file matches: DuckDB reads every path as a glob. */
export function globLiteral(path: string): string {
  return path.replace(/[[*?]/g, "[$&]");
}
