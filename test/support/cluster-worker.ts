import { startClusterWorker } from "emix";

// A worker of a cluster in a process of its own, for tests that kill it. Its options come as JSON. It ends with the test.

process.stdin.resume().on("end", () => process.exit(1));

const worker = await startClusterWorker(JSON.parse(process.argv[2]));
process.stdout.write(`${worker.name}\n`);
process.once("SIGTERM", () => worker.close().then(() => process.exit(0)));
