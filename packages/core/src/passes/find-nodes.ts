import { type Nodes, nodesIn, nodesLength } from "../points/nodes.ts";
import type { Executor } from "./executor.ts";

/** Finds the nodes of all points. `use` gets them in lent memory; they are valid until it is done. */
export function withNodes<T>(executor: Executor, use: (nodes: Nodes) => Promise<T>): Promise<T> {
  return executor.lend(nodesLength(executor.tiles) * 8, async (memory) => {
    const nodes = nodesIn(memory, executor.tiles);
    await executor.run({ kind: "nodes", parameters: NO_PARAMETERS, nodes }, () => undefined);
    return use(nodes);
  });
}

const NO_PARAMETERS = new Float64Array(0);
