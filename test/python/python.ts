import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const root = new URL("../../", import.meta.url).pathname;
const requirements = join(root, "test/python/requirements.txt");
const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
const environment = join(root, "node_modules/.cache", `python-${digest}`);
const ready = join(environment, "ready");
const lock = `${environment}.lock`;
const WAIT_MS = 500;
/** What installing takes at the very most. */
export const PATIENCE_MS = 600_000;

const system = ["python3", "python"].find((name) => spawnSync(name, ["--version"]).status === 0);

/** Runs code of Python, with python/ and the libraries of requirements.txt. in: what JSON gives. out: what it prints as JSON */
export async function askPython<Answer>(code: string, question: unknown = null): Promise<Answer> {
  const prelude = "import json, sys\nimport numpy as np\nquestion = json.load(sys.stdin)\n";
  const stdout = await run(await interpreter(), ["-W", "ignore", "-c", prelude + code], JSON.stringify(question));
  return JSON.parse(stdout) as Answer;
}

/** Makes the environment, which all test files share, at the first call. */
export async function interpreter(): Promise<string> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!existsSync(ready)) {
    if (performance.now() > deadline) throw new Error(`${environment} did not come about; delete it and ${lock}.`);
    if (take()) await install();
    else await setTimeout(WAIT_MS);
  }
  return executable();
}

function executable(): string {
  const places = [join(environment, "bin/python"), join(environment, "Scripts/python.exe")];
  return places.find((place) => existsSync(place)) ?? places[0];
}

/** Only one of all processes makes a folder; a lock that outlived its process is broken. */
function take(): boolean {
  mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (made !== undefined && Date.now() - made > PATIENCE_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

async function install(): Promise<void> {
  try {
    if (existsSync(ready)) return;
    if (system === undefined) throw new Error("Expected Python 3 for these tests, found none; install it.");
    await run(system, ["-m", "venv", "--clear", environment]);
    await run(executable(), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
    writeFileSync(ready, "");
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], input = ""): Promise<string> {
  const env = { ...process.env, PYTHONPATH: join(root, "python"), OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { env, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command} failed: ${stderr.slice(-2000)}`, { cause: error }));
    });
    child.stdin?.end(input);
  });
}
