import { nodesBetween } from "@emix/core";
import { pack, unpack } from "../../packages/cluster/src/parcel.ts";
import type { BlocksRequest, SumsReply } from "../../packages/cluster/src/protocol.ts";
import { Broker } from "../../packages/cluster/src/redis/broker.ts";

// Workers of a cluster that have no points and no threads: they answer each pass with zeros of the right length, after some
// milliseconds.
// in: URL of a Redis, how many, numbers of a slot, milliseconds

const [url, count, slot, delay] = process.argv.slice(2);
const broker = await Broker.open({ url });
for (let i = 0; i < Number(count); i++) {
  await broker.serve(`simulated-${i}`, async (data) => {
    const { request, reply, first, end } = data as { request: string; reply: string; first: number; end: number };
    const { blocks } = unpack((await broker.store.get(request)) as Buffer) as BlocksRequest;
    await new Promise((resolve) => setTimeout(resolve, Number(delay)));
    const nodes = nodesBetween(first, end, blocks);
    const zeros = () => new Float64Array(nodes.length * Number(slot));
    await broker.store.put(reply, pack({ nodes, sums: zeros(), errors: zeros() } satisfies SumsReply));
    return { ok: true, worker: `simulated-${i}`, milliseconds: Number(delay) };
  });
}
console.log("ready");
