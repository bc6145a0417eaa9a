import { rmSync } from "node:fs";

// The first Ctrl-C stops the work under way, which then ends in its own time. A second one, one that finds no work, and the
// other signals end the process as usual, but leave no file behind that was only half written.

const ENDING = ["SIGTERM", "SIGHUP"] as const;

const works = new Set<AbortController>();
const halfWritten = new Set<string>();

/** The first Ctrl-C aborts. out: takes that back */
export function abortOnInterrupt(work: AbortController): () => void {
  return register(works, work);
}

/** A signal that ends the process removes the file first. out: takes that back */
export function removeOnInterrupt(path: string): () => void {
  return register(halfWritten, path);
}

function register<T>(known: Set<T>, one: T): () => void {
  known.add(one);
  listen();
  return () => {
    known.delete(one);
    listen();
  };
}

/** Only while there is something to do: a process that is busy hears a signal late, but ends at once where none listens. */
function listen(): void {
  process.off("SIGINT", interrupt);
  for (const signal of ENDING) process.off(signal, interrupt);
  if (works.size + halfWritten.size > 0) process.on("SIGINT", interrupt);
  if (halfWritten.size > 0) for (const signal of ENDING) process.on(signal, interrupt);
}

function interrupt(signal: NodeJS.Signals): void {
  if (signal === "SIGINT" && works.size > 0) {
    for (const work of works) work.abort();
    works.clear();
    listen();
  } else {
    for (const path of halfWritten) rmSync(path, { force: true });
    halfWritten.clear();
    listen();
    process.kill(process.pid, signal);
  }
}
