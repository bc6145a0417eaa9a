import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type Page, ROOT } from "./pages.ts";

// The names that pages cite: flags of the command, and columns of tables that say what their names are of.

/** Every flag, short and long, by its command. */
export function flagsOfCommands(): ReadonlyMap<string, ReadonlySet<string>> {
  const cli = join(ROOT, "packages/emix/src/cli.ts");
  const script = execFileSync(process.execPath, [cli, "completion", "fish"], { encoding: "utf8" });
  const flags = new Map<string, Set<string>>();
  for (const [, command, short, long] of script.matchAll(/_from (\w+)'(?: -s (\w))?(?: -l ([\w-]+))/g)) {
    const known = flags.get(command) ?? new Set(["-h", "--help"]);
    flags.set(command, known.add(`--${long}`).add(short === undefined ? `--${long}` : `-${short}`));
  }
  return flags;
}

/** "command: flag" of every flag that a page gives a command in its code. in: lines that end in \ are one */
export function flagsGiven({ fences }: Page): { readonly command: string; readonly flag: string }[] {
  const lines = fences.filter(({ language }) => language === "sh").flatMap(({ text }) => text.split("\n"));
  return lines.flatMap((line) =>
    [...line.matchAll(/\bemix (\w+)([^|&>]*)/g)].flatMap(([, command, rest]) =>
      [...rest.replace(/'[^']*'/g, "''").matchAll(/(?<=\s)--?[a-z][\w-]*/g)].map(([flag]) => ({ command, flag })),
    ),
  );
}

/** A column of a table, with what its names are of. */
interface NamedColumn {
  readonly page: string;
  /** as `keyof FitResult`, `flag` or `sklearn member` */
  readonly of: string;
  readonly names: readonly string[];
}

interface NamedTable {
  readonly columns: readonly NamedColumn[];
  /** cells of two columns that say the same, where both have a name */
  readonly pairs: readonly (readonly [string, string])[];
}

/** Tables under a comment such as `<!-- 1: keyof FitResult; 2: flag; pairs 1 2 -->`. */
export function namedTables({ path, prose }: Page): NamedTable[] {
  const tables = [...prose.matchAll(/<!-- (\d: .*) -->\n\n((?:\|.*\n)+)/g)];
  return tables.map(([, marker, table]) => {
    const rows = table.trim().split("\n").slice(2).map(cellsOf);
    const columns = [...marker.matchAll(/(\d): ([^;]+)/g)].map(([, column, of]) => ({
      page: path,
      of: of.trim(),
      names: rows.flatMap((cells) => namesIn(cells[Number(column) - 1])),
    }));
    const [, first, second] = /pairs (\d) (\d)/.exec(marker) ?? [];
    const pairs = rows.map((cells) => [namesIn(cells[+first - 1])[0], namesIn(cells[+second - 1])[0]] as const);
    return { columns, pairs: pairs.filter(([one, other]) => one !== undefined && other !== undefined) };
  });
}

function cellsOf(row: string): string[] {
  return row.split("|").slice(1, -1);
}

/** `engine.fit(points)` is fit, `regularization: ε` is regularization, and `emix fit --json` stays as it is. */
function namesIn(cell = ""): string[] {
  const codes = [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
  return codes.map((code) => (/^(emix |-)/.test(code) ? code : (/^(?:\w+\.)*(\w+)/.exec(code)?.[1] ?? code)));
}
