import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { commit, machine } from "./machine.ts";
import type { StepCounts, StepTime } from "./measure.ts";
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
export interface PeersResult {
  readonly workload: Workload;
  readonly threads: number;
  readonly kernel: string;
  readonly counts: StepCounts;
  readonly repeats: number;
  /** cores that others kept busy meanwhile */
  readonly outsideLoad: number;
  readonly systems: readonly SystemResult[];
}

interface KeptResult extends PeersResult {
  readonly commit: string;
}

/**
 * Keeps a result in bench/results/<date>-<cpu>.json, in place of an older one of that day for the same work.
 * out: the file
 */
export function keepResult(result: PeersResult): string {
  const { cpu } = machine();
  const folder = path.join(import.meta.dirname, "..", "results");
  const name = `${new Date().toISOString().slice(0, 10)}-${cpu.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
  const file = path.join(folder, `${name}.json`);
  const key = ({ workload, threads, kernel }: PeersResult) => `${workload.name} ${threads} ${kernel}`;
  const results = new Map(read(file).map((kept) => [key(kept), kept]));
  results.set(key(result), { ...result, commit: commit() });
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ machine: machine(), results: [...results.values()] }, null, 2)}\n`);
  return path.relative(process.cwd(), file);
}

function read(file: string): KeptResult[] {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).results : [];
}
