import { logarithm } from "../../elementary/logarithm.ts";
import type { Executor } from "../../passes/executor.ts";
import { withNodes } from "../../passes/find-nodes.ts";
import type { DistancesPass, SeedingState } from "../../passes/pass.ts";
import { distancesWork } from "../../passes/work.ts";
import type { Nodes } from "../../points/nodes.ts";
import { type Tiles, tileCount } from "../../points/tiles.ts";
import type { Random } from "../../random.ts";
import { seedInTree, treeProgram } from "./seed-in-tree.ts";
import { type Seeded, Seeding, type SeedingOptions } from "./seeding.ts";

/** How many candidates greedy k-means++ draws for each centre: 2 + ⌊ln k⌋ (Arthur and Vassilvitskii 2007, §5.1). */
export function greedyCandidates(components: number): number {
  return 2 + Math.floor(logarithm(components));
}

/** Memory for the distances of restarts that share passes. */
const DISTANCES_BYTES = 16 * 2 ** 20;
/** How many restarts may share passes. More potentials could make the block grid coarser. */
const MOST_RESTARTS = 256;

/** Nodes take about as long as the distances of this many centres. */
const LEAST_COMPONENTS = 8;

/**
 * k-means++ (Arthur and Vassilvitskii 2007) for several restarts, which share the passes over the points. Every centre
 * is a point drawn ∝ w·D², or ∝ w·D; of `candidates` draws, the one that leaves the smallest potential is chosen. A
 * group of restarts takes k passes, or k + 1. Tiles that a centre is too far from are left alone.
 * in: streams, one for each restart; use, which gets labels in lent memory. out: what `use` makes of each restart
 * @throws TOO_FEW_DISTINCT_POINTS
 */
export async function kMeansPlusPlus<T>(
  executor: Executor,
  options: SeedingOptions,
  streams: readonly Random[],
  use: (seeded: Seeded) => Promise<T>,
): Promise<T[]> {
  const program = treeProgram(executor, options);
  if (program !== null) return seedInTree(executor, { ...options, program }, streams, use);
  const bytes = stateBytes(executor.tiles, options);
  const atOnce = Math.min(MOST_RESTARTS, Math.max(1, Math.floor(DISTANCES_BYTES / bytes)));
  const made: T[] = [];
  const seedAll = async (nodes: Nodes | null) => {
    for (let first = 0; first < streams.length; first += atOnce) {
      const group = streams.slice(first, first + atOnce).map((random) => new Seeding(executor.tiles, options, random));
      await executor.lend(group.length * bytes, async (memory) => {
        const state = stateIn(memory, executor.tiles, options, group.length);
        await seedGroup(executor, group, options, { state, nodes });
        for (const { centres, state } of group) made.push(await use({ centres, labels: state.labels }));
      });
    }
  };
  // Only points in order lie in balls that say much.
  const bounded = executor.tiles.order !== null && options.components >= LEAST_COMPONENTS;
  await (bounded ? withNodes(executor, seedAll) : seedAll(null));
  return made;
}

/** Of one restart: of each point a distance and a label, of each tile two numbers and one for each candidate. */
function stateBytes(tiles: Tiles, { candidates }: SeedingOptions): number {
  return tileCount(tiles) * (tiles.tileSize * 12 + 16 + 8 * candidates);
}

/** The state of restarts, with any content. */
function stateIn(
  memory: ArrayBufferLike,
  tiles: Tiles,
  { candidates }: SeedingOptions,
  restarts: number,
): SeedingState {
  const ofTiles = restarts * tileCount(tiles);
  const points = ofTiles * tiles.tileSize;
  return {
    squared: new Float64Array(memory, 0, points),
    masses: new Float64Array(memory, points * 8, ofTiles),
    greatest: new Float64Array(memory, (points + ofTiles) * 8, ofTiles),
    potentials: new Float64Array(memory, (points + 2 * ofTiles) * 8, candidates * ofTiles),
    labels: new Int32Array(memory, (points + (2 + candidates) * ofTiles) * 8, points),
  };
}

/** Chooses all centres of some restarts. */
async function seedGroup(
  executor: Executor,
  group: readonly Seeding[],
  { components, candidates, power = 2 }: SeedingOptions,
  { state, nodes }: Pick<DistancesPass, "state" | "nodes">,
): Promise<void> {
  const { tiles } = executor;
  const restarts = group.length;
  group.forEach((seeding, index) => {
    const own = <T extends Float64Array | Int32Array>(values: T) =>
      values.subarray((index * values.length) / restarts, ((index + 1) * values.length) / restarts) as T;
    seeding.state = {
      squared: own(state.squared),
      labels: own(state.labels),
      masses: own(state.masses),
      greatest: own(state.greatest),
      potentials: own(state.potentials),
    };
  });

  /** A pass that takes the centre `label` in, if it is not −1, and weighs candidates. */
  const measure = (label: number, drawn: number) => {
    const parameters = new Float64Array(restarts * (1 + drawn) * tiles.features);
    group.forEach((seeding, index) => {
      seeding.place(parameters.subarray(index * (1 + drawn) * tiles.features), label);
    });
    const work = distancesWork(tiles.count, tiles.features, restarts * (1 + drawn));
    const program = executor.programs.distances(tiles, work);
    const pass = {
      kind: "distances",
      program,
      restarts,
      candidates: drawn,
      power,
      label,
      parameters,
      state,
      nodes,
    } as const;
    return executor.run(pass, (slots) => {
      group.forEach((seeding, index) => {
        seeding.weigh(slots, index * Math.max(1, drawn), drawn);
      });
    });
  };

  // A single candidate needs no choice: the pass that takes it in says what it leaves.
  let waiting = false;
  for (let chosen = 0; chosen < components; chosen++) {
    const drawn = chosen === 0 ? 1 : candidates;
    for (const seeding of group) seeding.propose(drawn);
    if (drawn === 1) {
      for (const seeding of group) seeding.choose(0);
      await measure(chosen, 0);
    } else {
      await measure(waiting ? chosen - 1 : -1, drawn);
      waiting = true;
    }
  }
  if (waiting) await measure(components - 1, 0);
}
