import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Outcome, Ready, Setting, Task } from "./worker.ts";

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

  /** out: null where the process hung for longer than `limit` milliseconds, or died */
  async run(task: Task, limit: number): Promise<Outcome | null> {
    const child = await this.#started();
    child.send(task);
    const outcome = await reply<Outcome>(child, limit);
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
    const child = fork(path, [JSON.stringify(this.#setting)], { serialization: "advanced" });
    const ready = await reply<Ready>(child, 120_000);
    if (ready === null) throw new Error("the tests do not load");
    this.#tests = ready.tests;
    this.#child = child;
    return child;
  }
}

async function reply<T>(child: ChildProcess, limit: number): Promise<T | null> {
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), limit);
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
