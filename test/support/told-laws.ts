import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";

const programs = new URL("../hosts/", import.meta.url).pathname;

/** Puts the laws of test/hosts where the package is installed: as TypeScript, and as a test in JavaScript. */
export function copyLaws(folder: string): void {
  for (const name of ["laws.ts", "tell-laws.ts", "mortal-worker.mjs"])
    copyFileSync(programs + name, join(folder, name));
  const outfile = join(folder, "laws.test.mjs");
  buildSync({
    entryPoints: [`${programs}laws-in-runner.mjs`],
    bundle: true,
    format: "esm",
    external: ["emix"],
    outfile,
  });
}

/** Runs a program that asks for the laws. in: command, from the folder; out: "holds", or what is wrong */
export function toldLaws(folder: string, [program, ...args]: readonly string[]): string {
  const marker = join(folder, "died");
  rmSync(marker, { force: true });
  const worker = pathToFileURL(join(folder, "mortal-worker.mjs")).href;
  const { VITEST: _, ...outside } = process.env;
  const env = { ...outside, NO_COLOR: "1", EMIX_WORKER: worker, EMIX_MARKER: marker };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: "utf8", env });
  if (status !== 0) return `exit code ${status}: ${stderr.trim()}\n${stdout.trim()}`.slice(-2000);
  return existsSync(marker) ? "holds" : "no worker died";
}
