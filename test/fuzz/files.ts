import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { editedFile, originalFiles } from "../support/hostile-files.ts";
import { printCounts } from "./counts.ts";

/** Far above what reading some kilobytes takes, even on a machine that is busy. */
const SOON_MS = 20_000;
/** Reading a small file may not take more, beside what Node and a database take. */
const MOST_KILOBYTES = 1 << 20;
/** Files that a process reads. */
const BATCH = 2000;
const KEPT = "out/fuzz";

const batch = new URL("file-batch.ts", import.meta.url).pathname;

interface Fault {
  readonly index: number;
  readonly what: string;
}

/**
 * Reads edited files in processes of their own, so that a crash or a hang of one is seen. The files of faults are kept.
 * out: the number of faults
 */
export async function fuzzFiles(seed: string, first: number, end: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "emix-fuzz-"));
  const outcomes = new Map<string, number>();
  const faults: Fault[] = [];
  let peak = 0;
  try {
    for (let next = first; next < end; ) {
      const done = await runBatch([seed, next, Math.min(next + BATCH, end), folder], (name, outcome, kilobytes) => {
        const what = `${name.slice(name.indexOf(".") + 1).padEnd(12)} ${outcome}`;
        outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
        peak = Math.max(peak, kilobytes);
      });
      faults.push(...done.faults);
      next = done.next;
      for (const { index, what } of done.faults) await keep(seed, index, what);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  printCounts(outcomes);
  console.log(`${String(faults.length).padStart(8)}  faults; ${Math.round(peak / 1024)} MB at most in a process`);
  return faults.length;
}

async function keep(seed: string, index: number, what: string): Promise<void> {
  const { name, bytes, options, texts } = editedFile(await originalFiles(), seed, index);
  mkdirSync(KEPT, { recursive: true });
  const path = join(KEPT, `${seed}-${index}-${name}`);
  writeFileSync(path, bytes);
  console.log(`file ${index} of seed ${seed}, ${path}, ${JSON.stringify({ ...options, texts })}:\n${what}\n`);
}

type Count = (name: string, outcome: string, kilobytes: number) => void;

/** Runs a batch as far as it goes. out: its faults, and the index to go on from */
async function runBatch(
  [seed, first, end, folder]: readonly [string, number, number, string],
  count: Count,
): Promise<{ faults: Fault[]; next: number }> {
  const flags = ["--max-old-space-size=600"];
  const child = spawn(process.execPath, [...flags, batch, seed, String(first), String(end), folder]);
  const errors: string[] = [];
  child.stderr.on("data", (text: Buffer) => errors.push(String(text)));
  const faults: Fault[] = [];
  let at = first;
  let began = false;
  const watch = new Watch(child);
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const [kind] = line.split(" ", 1);
    const rest = line.slice(kind.length + 1);
    watch.touch();
    if (kind === "begin") {
      at = Number(rest);
      began = true;
    } else if (kind === "fault") {
      faults.push({ index: at, what: JSON.parse(rest) });
    } else {
      const [name, outcome, kilobytes] = rest.split(" ");
      count(name, outcome, Number(kilobytes));
      began = false;
      if (Number(kilobytes) > MOST_KILOBYTES) {
        faults.push({ index: at, what: `it took ${kilobytes} kB` });
        child.kill("SIGKILL");
        break;
      }
    }
  }
  const status = await watch.exit;
  if (began || (status !== "0" && faults.at(-1)?.index !== at)) {
    const how = watch.hung ? `no answer after ${SOON_MS} ms` : `the process ended (${status})`;
    faults.push({ index: at, what: `${how}\n${errors.join("").slice(0, 3000)}` });
    count(editedFile(await originalFiles(), seed, at).name, watch.hung ? "hang" : "crash", 0);
  }
  return { faults, next: at + 1 };
}

/** Ends a process that says nothing for too long. */
class Watch {
  hung = false;
  readonly exit: Promise<string>;
  readonly #timer: NodeJS.Timeout;

  constructor(child: ChildProcess) {
    this.#timer = setTimeout(() => {
      this.hung = true;
      child.kill("SIGKILL");
    }, SOON_MS);
    this.exit = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        clearTimeout(this.#timer);
        resolve(String(signal ?? code));
      });
    });
  }

  touch(): void {
    this.#timer.refresh();
  }
}
