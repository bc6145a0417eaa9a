import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Outcome, Ready, Setting, Task } from "./worker.ts";

/** Of the examples of a law, one in twenty: what many mutants do to it shows soon. */
const LAWS_RUNS = "0.05";

/** A worker process that is replaced when a mutant hangs or ends it. */
export class Session {
  readonly #setting: Setting;
  #child: ChildProcess | null = null;
  #tests: Ready["tests"] = [];

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** The tests there are; starts the process. */
  async tests(): Promise<Ready["tests"]> {
    await this.#started();
    return this.#tests;
  }

  /** out: null where the process died, took more than it may, or never answered */
  async run(task: Task): Promise<Outcome | null> {
    const child = await this.#started();
    child.send(task);
    const outcome = await reply<Outcome>(child);
    if (outcome === null) this.end();
    return outcome;
  }

  end(): void {
    this.#child?.kill("SIGKILL");
    this.#child = null;
  }

  async #started(): Promise<ChildProcess> {
    if (this.#child !== null) return this.#child;
    const path = fileURLToPath(new URL("./worker.ts", import.meta.url));
    const env = { ...process.env, LAWS_RUNS };
    const child = fork(path, [JSON.stringify(this.#setting)], { serialization: "advanced", env });
    const ready = await reply<Ready>(child);
    if (ready === null) throw new Error("the tests do not load");
    this.#tests = ready.tests;
    this.#child = child;
    return child;
  }
}

/** A test that waits for what never comes takes no processor time; in milliseconds. */
const LONGEST_WAIT = 300_000;

async function reply<T>(child: ChildProcess): Promise<T | null> {
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), LONGEST_WAIT);
  const end = () => ended.abort();
  child.once("exit", end);
  try {
    const [message] = await once(child, "message", { signal: ended.signal });
    return message as T;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    child.off("exit", end);
  }
}
