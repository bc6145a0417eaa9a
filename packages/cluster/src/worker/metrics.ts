import { createServer, type Server } from "node:http";
import type { WorkerFacts } from "./account.ts";

/** A number of a worker, as Prometheus knows it. */
interface Metric {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  readonly value: (facts: WorkerFacts) => number;
}

const METRICS: readonly Metric[] = [
  { name: "emix_worker_threads", type: "gauge", help: "Threads that compute", value: ({ threads }) => threads },
  { name: "emix_worker_points", type: "gauge", help: "Points in memory", value: ({ points }) => points },
  { name: "emix_worker_points_bytes", type: "gauge", help: "Bytes of points in memory", value: ({ bytes }) => bytes },
  {
    name: "emix_worker_points_bytes_limit",
    type: "gauge",
    help: "Bytes that points may take",
    value: ({ memoryLimit }) => memoryLimit,
  },
  { name: "emix_worker_busy", type: "gauge", help: "1 while it does a job", value: ({ at }) => (at === null ? 0 : 1) },
  { name: "emix_worker_jobs_total", type: "counter", help: "Jobs done", value: ({ jobs }) => jobs },
  { name: "emix_worker_jobs_failed_total", type: "counter", help: "Jobs that failed", value: ({ failed }) => failed },
  { name: "emix_worker_seconds_total", type: "counter", help: "Seconds in jobs", value: ({ seconds }) => seconds },
];

/** In the text format of Prometheus. */
export function metricsText(facts: WorkerFacts): string {
  return METRICS.flatMap(({ name, type, help, value }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    `${name}{worker="${facts.name}"} ${value(facts)}`,
  ]).join("\n");
}

/** Answers GET /metrics. in: text, of the metrics */
export async function serveMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  text: () => Promise<string>,
): Promise<Server> {
  const server = createServer(async ({ method, url }, response) => {
    if (method !== "GET" || url !== "/metrics") return void response.writeHead(404).end();
    try {
      const body = await text();
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(`${body}\n`);
    } catch {
      response.writeHead(503).end();
    }
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(port, host, resolve);
  await promise;
  return server;
}
