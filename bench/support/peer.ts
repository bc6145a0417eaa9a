import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

const FOLDER = path.join(import.meta.dirname, "..", "peers");

/** What a peer says of a run (peer.py). */
export interface PeerRun {
  readonly seconds: number;
  /** of all its threads */
  readonly cpuSeconds: number;
  /** mean of a point, under the mixture that the last step began with */
  readonly logLikelihood: number;
  /** bytes resident at most, beyond the points themselves */
  readonly memory: number;
}

/** A system under measurement: a process that waits for "take so many steps" and answers. */
export class Peer {
  readonly versions: Readonly<Record<string, string>>;
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(child: ChildProcess, answers: AsyncIterator<string>, versions: Record<string, string>) {
    this.#child = child;
    this.#answers = answers;
    this.versions = versions;
  }

  /** in: command and arguments, names of peers/ files made paths. Ready when the points are loaded. */
  static async start(command: readonly string[], threads: number): Promise<Peer> {
    const count = String(threads);
    const env = { ...process.env, OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count, MKL_NUM_THREADS: count };
    const [program, ...args] = command;
    const child = spawn(program, args, { cwd: FOLDER, env, stdio: ["pipe", "pipe", "inherit"] });
    // a peer that cannot start or dies is told by the end of its answers
    child.on("error", () => {});
    child.stdin.on("error", () => {});
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { versions } = JSON.parse(await next(answers, command));
    return new Peer(child, answers, versions);
  }

  async run(steps: number): Promise<PeerRun> {
    this.#child.stdin?.write(`${steps}\n`);
    const answer: PeerRun | { error: string } = JSON.parse(await next(this.#answers, this.#child.spawnargs));
    if ("error" in answer) throw new Error(`${this.#child.spawnargs[1]}: ${answer.error}`);
    return answer;
  }

  /** Lets it end: a peer ends with its input. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.stdin?.end();
    await once(this.#child, "exit");
  }
}

async function next(answers: AsyncIterator<string>, command: readonly string[]): Promise<string> {
  const { value, done } = await answers.next();
  if (done) throw new Error(`A peer ended early: ${command.join(" ")}`);
  return value;
}
