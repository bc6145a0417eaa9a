import type { ClusterStatus, WorkerStatus } from "@emix/cluster";
import { groupThousands } from "@emix/io";
import { Argument, Command } from "commander";
import { createCluster } from "../../cluster/open.ts";
import { table } from "../table/table.ts";

interface StatusFlags {
  readonly redis: string;
  readonly prefix?: string;
  readonly json?: boolean;
}

export function clusterCommand(): Command {
  return new Command("cluster")
    .description("Prints the workers of a cluster, with their points, memory and jobs.")
    .addArgument(new Argument("<question>", "what to print").choices(["status"]))
    .requiredOption("--redis <url>", "the Redis of the cluster")
    .option("--prefix <name>", "prefix of the cluster's keys in Redis (default: emix)")
    .option("--json", "print JSON")
    .action((_: string, flags: StatusFlags) => printStatus(flags));
}

async function printStatus({ redis: url, prefix, json }: StatusFlags): Promise<void> {
  const connection = { url, ...(prefix !== undefined && { prefix }) };
  const cluster = await createCluster({ connection, threads: 1 });
  try {
    const status = await cluster.status();
    process.stdout.write(`${json ? JSON.stringify(status) : statusWords(status)}\n`);
  } finally {
    await cluster.close();
  }
}

function statusWords({ workers, forAny }: ClusterStatus): string {
  if (workers.length === 0) return "no worker is connected";
  const heading = ["worker", "threads", "points", "memory", "at", "waiting", "done", "failed", "busy for"];
  const left = forAny.waiting === 0 ? [] : [`${forAny.waiting} jobs of lost workers wait for any other one`];
  return [table([heading, ...workers.map(cellsOf)]), ...left].join("\n");
}

function cellsOf({ name, facts, waiting }: WorkerStatus): string[] {
  if (facts === null) return [name, "", "", "", "silent", `${waiting}`, "", "", ""];
  const { threads, points, bytes, memoryLimit, at, jobs, failed, seconds } = facts;
  const memory = `${((100 * bytes) / memoryLimit).toFixed(0)} % of ${(memoryLimit / 2 ** 30).toFixed(1)} GiB`;
  const numbers = [`${threads}`, groupThousands(points), memory, at ?? "idle"];
  return [name, ...numbers, `${waiting}`, `${jobs}`, `${failed}`, `${seconds.toFixed(1)} s`];
}
