import { nodesBetween } from "@emix/core";
import { pack, unpack } from "../../packages/cluster/src/parcel.ts";
import type { BlocksRequest, Reply, SumsReply, Task } from "../../packages/cluster/src/protocol.ts";
import { Broker } from "../../packages/cluster/src/redis/broker.ts";

// Workers of a cluster that have no points and no threads: they answer each pass with zeros of the right length, after some
// milliseconds.
// in: URL of a Redis, how many, numbers of a slot, milliseconds

const [url, count, slot, delay] = process.argv.slice(2);
const broker = await Broker.open({ url });
for (let i = 0; i < Number(count); i++) {
  await broker.serve(`simulated-${i}`, async (data) => {
    const { request, reply, id, first, end } = data as Task;
    const { blocks } = unpack((await broker.store.get(request)) as Buffer) as BlocksRequest;
    await new Promise((resolve) => setTimeout(resolve, Number(delay)));
    const nodes = nodesBetween(first, end, blocks);
    const zeros = () => new Float64Array(nodes.length * Number(slot));
    const result: SumsReply = { nodes, sums: zeros(), errors: zeros() };
    const answer = { ok: true, worker: `simulated-${i}`, milliseconds: Number(delay) } as const;
    await broker.store.push(reply, pack({ id, answer, result } satisfies Reply));
    return answer;
  });
}
console.log("ready");
