import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEngine } from "../../packages/workers/src/engine/engine.ts";
import { clusters } from "./points.ts";

// As a program, with the signal of too large files ignored: writes fail as on a full disk, at every place of a file in turn.
// Linux bounds the size of a file that a process may write (prlimit); what lies below the bound is written.

/** What became of a write that was cut off. */
export interface CutOff {
  /** the file may have so many bytes */
  readonly bound: number;
  readonly code: string;
  /** does the file have its old content? */
  readonly kept: boolean;
  /** what lies in its folder */
  readonly files: readonly string[];
}

export interface DiskReport {
  readonly checkpoint: readonly CutOff[];
  readonly saved: readonly CutOff[];
  readonly stored: readonly CutOff[];
  /** result of the fit that goes on from the checkpoint that was kept */
  readonly resumed: string;
}

export const diskPoints = clusters(300, 2, 3, "disk");
export const diskOptions = { components: 3, tolerance: 0, maxIterations: 12, seed: 2 } as const;

const PLACES = 24;

function boundFiles(bytes: number | "unlimited"): void {
  execFileSync("prlimit", ["--pid", String(process.pid), `--fsize=${bytes}:unlimited`]);
}

/** Tries a write at each of some bounds below the size of its file. in: write, of the file, whose old content is there */
async function cutOff(file: string, size: number, write: () => PromiseLike<unknown>): Promise<CutOff[]> {
  const before = readFileSync(file);
  const folder = join(file, "..");
  const found: CutOff[] = [];
  for (let place = 0; place < PLACES; place++) {
    const bound = Math.floor((place * size) / PLACES);
    boundFiles(bound);
    const code = await Promise.resolve(write()).then(
      () => "none",
      (error: { code?: string }) => String(error.code),
    );
    boundFiles("unlimited");
    found.push({ bound, code, kept: readFileSync(file).equals(before), files: readdirSync(folder) });
  }
  return found;
}

async function report(folder: string): Promise<DiskReport> {
  const place = (name: string) => {
    mkdirSync(join(folder, name));
    return join(folder, name, `${name}.tiles`);
  };
  const [kept, saved, stored] = ["kept", "saved", "stored"].map(place);
  await using engine = await createEngine({ threads: 1, offThread: false, storageFolder: join(stored, "..") });
  const checkpoint = { path: kept, every: 10 }; // one in a fit
  await engine.fit(diskPoints, { ...diskOptions, checkpoint });
  const points = await engine.load(diskPoints);
  const save = () => engine.saveAs(points, { path: saved, columns: null, about: null });
  await save();
  const sizeOf = (path: string) => readFileSync(path).byteLength;
  const write = () => engine.fit(diskPoints, { ...diskOptions, checkpoint });
  const load = () => engine.load(diskPoints, { storage: "file" });
  return {
    checkpoint: await cutOff(kept, sizeOf(kept), write),
    saved: await cutOff(saved, sizeOf(saved), save),
    stored: (await cutOff(saved, 300 * 2 * 8, load)).map((each) => ({
      ...each,
      files: readdirSync(join(stored, "..")),
    })),
    resumed: JSON.stringify(await engine.resume(kept, diskPoints)),
  };
}

const [, program, folder] = process.argv;
if (program === fileURLToPath(import.meta.url)) process.stdout.write(JSON.stringify(await report(folder)));
