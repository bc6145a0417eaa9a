import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { blockGrid, statisticsLayout, tileSizeFor, tilesBytes } from "@emix/core";
import { Dispatcher } from "../../packages/cluster/src/driver/dispatcher.ts";
import { mergeReplies } from "../../packages/cluster/src/driver/merge-replies.ts";
import { blocksOfPartitions } from "../../packages/cluster/src/driver/partitions.ts";
import type { SumsReply } from "../../packages/cluster/src/protocol.ts";
import { Broker } from "../../packages/cluster/src/redis/broker.ts";
import { RedisServer } from "../../test/support/redis-server.ts";
import { megabytesOfStep } from "./sizing.ts";

const CHILD = fileURLToPath(new URL("../children/simulated-workers.ts", import.meta.url));
const COUNT = 10_000_000;
const DELAY = 200;
const WARM = 3;

export interface DriverWork {
  /** processor time of this process for a pass, ms */
  readonly own: number;
  /** wall time of a pass beside the time that workers take, ms */
  readonly beside: number;
  /** of a pass */
  readonly megabytes: number;
}

/** What a pass costs the driver of many workers, which are simulated. */
export async function driverWork(
  { components, features }: { readonly components: number; readonly features: number },
  workers: number,
  passes: number,
): Promise<DriverWork> {
  const slot = statisticsLayout(components, features, "full").length;
  const data = { byteLength: tilesBytes({ count: COUNT, features, dtype: "f64", weighted: false }) };
  const grid = blockGrid({ count: COUNT, tileSize: tileSizeFor(features), data }, slot);
  const redis = await RedisServer.start("--appendfsync", "everysec");
  const child = spawn(process.execPath, [CHILD, redis.url, String(workers), String(slot), String(DELAY)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const broker = await Broker.open({ url: redis.url });
  const { signal } = new AbortController();
  const dispatcher = new Dispatcher(broker, await broker.workers(), 30, { signal });
  const ranges = blocksOfPartitions(grid, workers);
  const request = { blocks: grid.blocks, parameters: new Float64Array(slot) };
  const pass = async () => {
    const replies = (await dispatcher.ask("sums", request, ranges)) as SumsReply[];
    mergeReplies(replies, grid.blocks);
  };
  for (let i = 0; i < WARM; i++) await pass();
  const cpu = process.cpuUsage();
  const walls: number[] = [];
  for (let i = 0; i < passes; i++) {
    const began = performance.now();
    await pass();
    walls.push(performance.now() - began - DELAY);
  }
  const { user, system } = process.cpuUsage(cpu);
  child.kill("SIGKILL");
  await broker.close();
  await redis.end();
  const megabytes = megabytesOfStep({ count: COUNT, features, components }, workers);
  return { own: (user + system) / 1000 / passes, beside: Math.min(...walls), megabytes };
}
