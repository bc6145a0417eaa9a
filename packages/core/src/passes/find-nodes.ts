import { type Nodes, nodesIn, nodesLength } from "../points/nodes.ts";
import type { Executor } from "./executor.ts";
import { NO_PARAMETERS } from "./pass.ts";
import { distancesWork } from "./work.ts";

/** Gives the nodes of all points: their own, or found in lent memory, valid until `use` is done. */
export function withNodes<T>(executor: Executor, use: (nodes: Nodes) => Promise<T>): Promise<T> {
  if (executor.tiles.nodes !== undefined) return use(executor.tiles.nodes);
  return executor.lend(nodesLength(executor.tiles) * 8, async (memory) => use(await findNodes(executor, memory)));
}

/** The nodes of all points, in memory of at least `nodesLength` doubles. */
export async function findNodes(executor: Executor, memory: ArrayBufferLike): Promise<Nodes> {
  const nodes = nodesIn(memory, executor.tiles);
  const { count, features } = executor.tiles;
  const program = executor.programs.distances(executor.tiles, distancesWork(count, features, LEVELS));
  await executor.run({ kind: "nodes", program, parameters: NO_PARAMETERS, nodes }, () => undefined);
  return nodes;
}

/** Every point is measured from its strip, its tile and its group. */
const LEVELS = 3;
