import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { interpreter } from "../python/python.ts";
import { type Page, ROOT } from "./pages.ts";

// The code of pages, run as a reader would run it.

const CLI = join(ROOT, "packages/emix/src/cli.ts");

/** How each language is run. in: the code, and the path of a file that has it. out: a program and its arguments */
const COMMANDS: Readonly<Record<string, (text: string, path: string) => Promise<string[]> | string[]>> = {
  ts: (_, path) => [process.execPath, path],
  sh: (text) => ["bash", "-ec", shell(text)],
  python: async (text) => [await interpreter(), "-c", text],
};

interface Block {
  readonly page: string;
  readonly number: number;
  readonly language: string;
  readonly text: string;
  /** what the page says that it prints, in one block or more */
  readonly outputs: readonly string[];
}

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** The blocks of a page that are run, in order. */
export function blocksOf({ path, fences }: Page): Block[] {
  const blocks: { page: string; number: number; language: string; text: string; outputs: string[] }[] = [];
  for (const [number, { language, text }] of fences.entries()) {
    if (language in COMMANDS) blocks.push({ page: path, number, language, text, outputs: [] });
    else if (language === "text") blocks.at(-1)?.outputs.push(text.trimEnd());
    else throw new Error(`${path} has a block of "${language}", which no test runs.`);
  }
  return blocks;
}

/** A folder where code finds `emix` and data/, as at the root of the repository, and may write. */
export function codeFolder() {
  const folder = mkdtempSync(join(tmpdir(), "emix-pages-"));
  symlinkSync(join(ROOT, "test/node_modules"), join(folder, "node_modules"), "junction");
  const place = ({ page }: Block) => {
    const path = join(folder, page.replace(/\W/g, "-"));
    mkdirSync(path, { recursive: true });
    if (!existsSync(join(path, "data"))) symlinkSync(join(ROOT, "data"), join(path, "data"), "junction");
    return path;
  };
  /** out: the path of a program */
  const write = (block: Block) => {
    const path = join(place(block), `example-${block.number}.mts`);
    writeFileSync(path, block.text);
    return path;
  };
  /** Blocks of one page share a folder. Rejects where one of them fails. */
  const run = async (block: Block): Promise<Printed> => {
    const [command, ...args] = await COMMANDS[block.language](block.text, write(block));
    return printed(command, args, place(block));
  };
  return { run, write, folder, remove: () => rmSync(folder, { recursive: true }) };
}

function shell(text: string): string {
  return `emix() { '${process.execPath}' '${CLI}' "$@"; }; npx() { "$@"; }\n${text}`;
}

function printed(command: string, args: readonly string[], cwd: string): Promise<Printed> {
  const env = { ...process.env, PYTHONPATH: join(ROOT, "python") };
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd, env }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr });
      else reject(new Error(`${args.at(-1)} failed: ${stderr}`, { cause: error }));
    });
  });
}

/** Without the times, which differ from run to run. */
export function timeless(text: string): string {
  return text.trimEnd().replace(/^read in .*$/m, (line) => line.replace(/[\d.,]+/g, "0"));
}
