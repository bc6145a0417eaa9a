import { relative } from "node:path";
import type { Mutant } from "./schemata.ts";

export interface FileResult {
  readonly file: string;
  readonly killed: number;
  /** that no test noticed, though it came by */
  readonly survived: readonly Mutant[];
  /** that no test came by */
  readonly uncovered: readonly Mutant[];
}

const all = ({ killed, survived, uncovered }: FileResult) => killed + survived.length + uncovered.length;
const percent = (killed: number, of: number) => (of === 0 ? 100 : (100 * killed) / of);

/** A line of the table, and a line for each mutant that lives. */
export function printFile(root: string, result: FileResult): void {
  const { file, killed, survived, uncovered } = result;
  const counts = [all(result), killed, survived.length, uncovered.length].map((count) => String(count).padStart(5));
  const score = `${percent(killed, all(result)).toFixed(1).padStart(6)} %`;
  console.log(`${relative(root, file).padEnd(64)}${counts.join("")}${score}`);
  for (const mutant of survived) printMutant(mutant, "");
  for (const mutant of uncovered) printMutant(mutant, "  (no test comes by)");
}

function printMutant({ line, original, text }: Mutant, note: string): void {
  console.log(`    ${line}: ${short(original)} → ${short(text) || "(left out)"}${note}`);
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 90 ? `${line.slice(0, 87)}…` : line;
}

/** out: the score, in percent */
export function printTotal(results: readonly FileResult[]): number {
  const killed = results.reduce((sum, result) => sum + result.killed, 0);
  const total = results.reduce((sum, result) => sum + all(result), 0);
  console.log(`${killed} of ${total} mutants killed: ${percent(killed, total).toFixed(1)} %`);
  return percent(killed, total);
}
