import { Command, InvalidArgumentError } from "commander";
import { startClusterWorker } from "../../cluster/open.ts";
import { positiveInteger } from "../input-flags.ts";

interface WorkerFlags {
  readonly redis: string;
  readonly root: string;
  readonly output?: string;
  readonly prefix?: string;
  readonly threads?: number;
  readonly memory?: number;
  readonly metrics?: { readonly host?: string; readonly port: number };
}

export function workerCommand(): Command {
  return new Command("worker")
    .description(
      "Serves fits on several machines: holds a part of their points, and computes on it, until it is stopped.",
    )
    .requiredOption("--redis <url>", "the Redis of the cluster: redis://user:password@host:port, rediss:// for TLS")
    .requiredOption("--root <folder>", "read files below this folder, and no others")
    .option("--output <folder>", "write the files of `emix predict --cluster` below this folder (default: write none)")
    .option("--prefix <name>", "prefix of the cluster's keys in Redis (default: emix)")
    .option("-t, --threads <count>", "worker threads (default: all cores)", positiveInteger)
    .option("--memory <bytes>", "what its points may take (default: half of the memory)", positiveInteger)
    .option(
      "--metrics <port>",
      "answer Prometheus at /metrics of this port of the loopback, or of host:port",
      addressIn,
    )
    .action(runWorker);
}

/** @throws InvalidArgumentError */
function addressIn(text: string): { host?: string; port: number } {
  const [, host, digits] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (!(port >= 1 && port <= 65_535)) throw new InvalidArgumentError("Expected a port, as 9464, or 0.0.0.0:9464.");
  return { ...(host !== undefined && { host }), port };
}

async function runWorker({ redis: url, root, output, prefix, threads, memory, metrics }: WorkerFlags): Promise<void> {
  const worker = await startClusterWorker({
    connection: { url, ...(prefix !== undefined && { prefix }) },
    root,
    ...(output !== undefined && { output }),
    ...(threads !== undefined && { threads }),
    ...(memory !== undefined && { memoryLimit: memory }),
    ...(metrics !== undefined && { metrics }),
  });
  process.stderr.write(`worker ${worker.name} reads below ${root} and waits for fits; stop it with Ctrl-C\n`);
  await untilStopped();
  process.stderr.write("worker ends when it has done what it is at\n");
  await worker.close();
}

function untilStopped(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  return promise;
}
