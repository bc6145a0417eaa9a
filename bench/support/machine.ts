import { execFileSync } from "node:child_process";
import os from "node:os";

/** Where figures were taken, and of what. */
export function machine() {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.versions.node,
    v8: process.versions.v8,
  };
}

/** The commit of this work tree, marked when files differ from it. */
export function commit(): string {
  const cwd = import.meta.dirname;
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const changes = git("status", "--porcelain", "--", ":(top,exclude)bench/results");
    return git("rev-parse", "--short=12", "HEAD") + (changes === "" ? "" : "+changes");
  } catch {
    return "unknown";
  }
}

export function describeMachine(): string {
  const { cpu, cores, node, v8 } = machine();
  return `${cpu}, ${cores} cores; Node ${node}, V8 ${v8}; commit ${commit()}`;
}
