import type { KeptColumns, OutputColumn } from "@emix/io";

/**
 * Which columns to keep. A column that has the name of a result is written under another, and standard error says so.
 * in: wanted, names or lists of names with commas between; known, those of the file; taken, names of results
 */
export function keptColumns(
  wanted: readonly string[],
  known: readonly string[],
  taken: ReadonlySet<string>,
): KeptColumns {
  const names = [...new Set(wanted.flatMap((text) => (known.includes(text) ? [text] : namesIn(text))))];
  const used = new Set([...taken, ...names]);
  const columns = names.map((name): OutputColumn => ({ name: freeName(name, taken, used), type: "text" }));
  return { names, columns };
}

function namesIn(list: string): string[] {
  return list.split(",").map((name) => name.trim());
}

function freeName(name: string, taken: ReadonlySet<string>, used: Set<string>): string {
  if (!taken.has(name)) return name;
  let free = `${name}_of_file`;
  while (used.has(free)) free += "_";
  used.add(free);
  process.stderr.write(`emix: the column ${name} of the file is written as ${free}\n`);
  return free;
}
