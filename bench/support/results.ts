import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { commit, machine } from "./machine.ts";
import type { StepTime } from "./measure.ts";
import type { Workload } from "./workloads.ts";

/** One system on one workload; times in ms, memory in bytes beyond the points. */
interface SystemResult {
  readonly name: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly step: StepTime | null;
  readonly memory: number;
  readonly logLikelihood: number;
  /** relative difference of log-likelihoods, from emix's */
  readonly difference: number;
}

/** All systems on one workload, measured in turn in one run. */
export interface PeersResult extends Measured {
  readonly workload: Workload;
  readonly threads: number;
  readonly kernel: string;
  readonly repeats: number;
  readonly commit: string;
}

export interface Measured {
  /** cores that others kept busy meanwhile */
  readonly outsideLoad: number;
  readonly systems: readonly SystemResult[];
}

/**
 * Keeps results in bench/results/<date>-<cpu>.json, in place of older ones of that day for the same work.
 * out: the file
 */
export function keepResults(fresh: readonly Omit<PeersResult, "commit">[]): string {
  const { cpu } = machine();
  const folder = path.join(import.meta.dirname, "..", "results");
  const name = `${new Date().toISOString().slice(0, 10)}-${cpu.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
  const file = path.join(folder, `${name}.json`);
  const key = ({ workload, threads, kernel }: Omit<PeersResult, "commit">) => `${workload.name} ${threads} ${kernel}`;
  const results = new Map(read(file).map((result) => [key(result), result]));
  for (const result of fresh) results.set(key(result), { ...result, commit: commit() });
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ machine: machine(), results: [...results.values()] }, null, 2)}\n`);
  return path.relative(process.cwd(), file);
}

function read(file: string): PeersResult[] {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).results : [];
}
