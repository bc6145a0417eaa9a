import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { printCounts } from "./counts.ts";

/** Far above what reading some kilobytes takes, even on a machine that is busy. */
const SOON_MS = 20_000;
/** Reading a small file may not take more, beside what Node and a database take. */
const MOST_KILOBYTES = 1 << 20;
/** What a process reads. */
const BATCH = 2000;

interface Fault {
  readonly index: number;
  readonly what: string;
}

/** What is read in processes of their own, so that a crash, a hang or a stray line of output is seen. */
export interface Reading {
  /** what they run: in: seed, first index, end, folder; out: lines that begin with "begin", "end" or "fault" */
  readonly module: URL;
  /** what kind of thing an index is */
  readonly kindOf: (seed: string, index: number) => Promise<string>;
  /** Shows a fault, and keeps what led to it. */
  readonly show: (seed: string, index: number, what: string) => Promise<void>;
}

/** out: the number of faults */
export async function fuzzReading(reading: Reading, seed: string, first: number, end: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "emix-fuzz-"));
  const outcomes = new Map<string, number>();
  let faults = 0;
  let peak = 0;
  try {
    for (let next = first; next < end; ) {
      const batch: Batch = { seed, first: next, end: Math.min(next + BATCH, end), folder };
      const done = await runBatch(reading, batch, (kind, outcome, kilobytes) => {
        const what = `${kind.padEnd(12)} ${outcome}`;
        outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
        peak = Math.max(peak, kilobytes);
      });
      next = done.next;
      faults += done.faults.length;
      for (const { index, what } of done.faults) await reading.show(seed, index, what);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  printCounts(outcomes);
  console.log(`${String(faults).padStart(8)}  faults; ${Math.round(peak / 1024)} MB at most in a process`);
  return faults;
}

interface Batch {
  readonly seed: string;
  readonly first: number;
  readonly end: number;
  readonly folder: string;
}

type Count = (kind: string, outcome: string, kilobytes: number) => void;

/** Runs a batch as far as it goes. out: its faults, and the index to go on from */
async function runBatch(
  { module, kindOf }: Reading,
  { seed, first, end, folder }: Batch,
  count: Count,
): Promise<{ faults: Fault[]; next: number }> {
  const args = ["--max-old-space-size=600", module.pathname, seed, String(first), String(end), folder];
  const child = spawn(process.execPath, args);
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
    } else if (kind === "end") {
      const [name, outcome, kilobytes] = rest.split(" ");
      count(name, outcome, Number(kilobytes));
      began = false;
      if (Number(kilobytes) > MOST_KILOBYTES) {
        faults.push({ index: at, what: `it took ${kilobytes} kB` });
        child.kill("SIGKILL");
        break;
      }
    } else {
      faults.push({ index: at, what: `a line on standard output: ${line}` });
    }
  }
  const status = await watch.exit;
  if (began || (status !== "0" && faults.at(-1)?.index !== at)) {
    const how = watch.hung ? `no answer after ${SOON_MS} ms` : `the process ended (${status})`;
    faults.push({ index: at, what: `${how}\n${errors.join("").slice(0, 3000)}` });
    count(await kindOf(seed, at), watch.hung ? "hang" : "crash", 0);
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
