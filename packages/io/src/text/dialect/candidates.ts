import type { Sample } from "./sample.ts";
import { type Split, splitText } from "./split.ts";

/** A way of dividing the records of a sample. */
export interface Candidate {
  /** "" for one field a line, " " for runs of blanks */
  readonly delimiter: string;
  readonly split: Split;
  /** fields of most records */
  readonly width: number;
  /** share of the records that have this many */
  readonly share: number;
  /** whether the first record has one field fewer than all others: R's names of rows, which have no name themselves */
  readonly rowNames: boolean;
}

/** in: rest, what is known of the syntax beside the delimiter */
export interface Rest {
  readonly comment: string;
  readonly tokens: readonly string[];
  readonly skip: number;
}

const DELIMITERS: readonly string[] = [",", ";", "\t", "|", " ", ""];

/** Delimiters that may divide a sample. One that does not occur divides nothing; the first stands for all of these. */
export function delimitersOf({ head }: Sample): string[] {
  const occurs = (delimiter: string) => head.includes(delimiter) || (delimiter === " " && head.includes("\t"));
  return DELIMITERS.filter((delimiter, index) => index === 0 || occurs(delimiter));
}

export function candidateFor(delimiter: string, sample: Sample, rest: Rest): Candidate {
  const split = splitText(sample.head, { delimiter, ...rest }, sample.complete);
  const widths = split.rows.map((row) => row.length);
  const below = widths.length > 1 ? widths.slice(1) : widths;
  const width = mostFrequent(below);
  const share = below.filter((each) => each === width).length / Math.max(1, below.length);
  const rowNames = widths.length > 1 && width > 1 && widths[0] === width - 1 && share === 1 && hasRowNames(split);
  return { delimiter, split, width, share, rowNames };
}

/** Whether all records, the first one too, have the same number of fields. */
export function isRegular({ split, width, share, rowNames }: Candidate): boolean {
  return share === 1 && split.brokenAt === null && (rowNames || split.rows[0]?.length === width);
}

function mostFrequent(widths: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
  let best = 0;
  for (const [width, count] of counts) if (count > (counts.get(best) ?? 0)) best = width;
  return best;
}

/** Whether the first fields below the first record are quoted, or count the rows. */
function hasRowNames({ rows, quoted }: Split): boolean {
  const names = rows.slice(1).map(([name]) => name);
  const countUpFrom = (first: number) => names.every((name, row) => name.trim() === String(row + first));
  return quoted.slice(1).every(([first]) => first) || countUpFrom(0) || countUpFrom(1);
}
