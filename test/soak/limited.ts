import { execFile } from "node:child_process";
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { build } from "../support/built.ts";

const LIMIT = 400 * 2 ** 20;
/** How much more may be resident at the end than in the first twenty of a kind, in MiB. */
const MOST_GROWTH = 20;

/** The control groups of Linux, of version 2 and 1: where they are, and the file that limits memory. */
const GROUPS = [
  ["/sys/fs/cgroup/emix-soak", "memory.max"],
  ["/sys/fs/cgroup/memory/emix-soak", "memory.limit_in_bytes"],
] as const;

const child = new URL("limited-child.ts", import.meta.url).pathname;

interface Outcome {
  readonly kinds: Readonly<Record<string, { readonly first: number; readonly end: number }>>;
  readonly peak: number;
  readonly left: number;
}

/** Points and fits that come and go in a process that may take 400 MiB. in: percent of their numbers. out: how many went wrong */
export async function soakLimited(percent: number): Promise<number> {
  build();
  const group = openGroup();
  console.log(group === undefined ? "No control group can be made here: nothing is limited." : `in ${group}`);
  try {
    const enter = group === undefined ? "" : `echo $$ > ${group}/cgroup.procs; `;
    const command = `${enter}exec ${process.execPath} ${child} ${percent / 100}`;
    const { stdout } = await promisify(execFile)("sh", ["-c", command]);
    return failuresOf(JSON.parse(stdout.trim().split("\n").at(-1) as string));
  } catch (error) {
    console.log("WRONG ", error);
    return 1;
  } finally {
    if (group !== undefined) rmdirSync(group);
  }
}

function openGroup(): string | undefined {
  for (const [group, limit] of GROUPS) {
    try {
      mkdirSync(group, { recursive: true });
      if (existsSync(`${group}/${limit}`)) {
        writeFileSync(`${group}/${limit}`, String(LIMIT));
        return group;
      }
      rmdirSync(group);
    } catch {
      // Another version, or nothing of ours to limit.
    }
  }
  return undefined;
}

function failuresOf({ kinds, peak, left }: Outcome): number {
  const most = LIMIT / 2 ** 20;
  const judged: (readonly [isRight: boolean, words: string])[] = [
    ...Object.entries(kinds).map(([name, { first, end }]) => {
      return [end - first < MOST_GROWTH, `${name}: ${first} MiB in the first twenty, ${end} at the end`] as const;
    }),
    [peak <= most, `resident at most ${peak} MiB of ${most}`],
    [left <= 0, `${left} handles left`],
  ];
  for (const [isRight, words] of judged) console.log(`${isRight ? "right" : "WRONG"}  ${words}`);
  return judged.filter(([isRight]) => !isRight).length;
}
