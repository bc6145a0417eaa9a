import { BallTree } from "../../kernels/balls/ball-tree.ts";
import type { SimdProgram } from "../../kernels/simd/host/compiled.ts";
import type { Executor } from "../../passes/executor.ts";
import { distancesWork } from "../../passes/work.ts";
import { withPauses } from "../../points/stretches.ts";
import { tileCount } from "../../points/tiles.ts";
import type { Random } from "../../random.ts";
import { type Seeded, Seeding, type SeedingOptions } from "./seeding.ts";
import { SeedingField } from "./seeding-field.ts";

/** For fewer centres, balls are not worth making. */
const LEAST_COMPONENTS = 64;
/** Points in balls are a copy, in doubles. More points are gone over by all threads instead. */
const MOST_BYTES = 64 * 2 ** 20;

/** Of the tree, for each number of a point and for each point; half of it only until the tree is made. */
const NUMBER_BYTES = 30;
const POINT_BYTES = 48;

/** How many bytes so many points take while centres are drawn in a tree; 0 where they are not. */
export function treeBytes(count: number, features: number, components: number): number {
  if (components < LEAST_COMPONENTS || count * features * 8 > MOST_BYTES) return 0;
  return count * (NUMBER_BYTES * features + POINT_BYTES);
}

/** The program with which k-means++ takes a tree of balls; null if passes over all points are better, by shapes alone. */
export function treeProgram(
  { tiles, programs }: Executor,
  { components, candidates }: SeedingOptions,
): SimdProgram | null {
  const { count, features } = tiles;
  if (components < LEAST_COMPONENTS || count * features * 8 > MOST_BYTES) return null;
  return programs.balls(tiles, distancesWork(count, features, 1 + candidates));
}

/**
 * k-means++ of several restarts, one after the other, in the calling thread. The bits are those of passes over all points.
 * in: use, which gets labels in lent memory
 * @throws TOO_FEW_DISTINCT_POINTS
 */
export async function seedInTree<T>(
  executor: Executor,
  options: SeedingOptions & { readonly program: SimdProgram },
  streams: readonly Random[],
  use: (seeded: Seeded) => Promise<T>,
): Promise<T[]> {
  const { tiles } = executor;
  const count = tileCount(tiles);
  const { components, candidates, power = 2, program } = options;
  const made: T[] = [];
  await executor.lend(count * tiles.tileSize * 4, async (memory) => {
    const state = {
      labels: new Int32Array(memory, 0, count * tiles.tileSize),
      masses: new Float64Array(count),
      potentials: new Float64Array(count * candidates),
    };
    const tree = await withPauses(BallTree.of(program, tiles, SeedingField.bytes(tiles)), () => executor.pause());
    const field = new SeedingField(tree, tiles, power, state);
    for (const random of streams) {
      const seeding = new Seeding(tiles, options, random);
      seeding.state = field.state;
      for (let chosen = 0; chosen < components; chosen++) {
        const drawn = seeding.propose(chosen === 0 ? 1 : candidates);
        if (drawn.length === 1) seeding.choose(0);
        else seeding.weigh(field.weigh(drawn), 0, drawn.length);
        const { features } = tiles;
        const centre = seeding.centres.subarray(chosen * features, (chosen + 1) * features);
        seeding.weigh(field.takeIn(centre, chosen), 0, 0);
        await executor.pause();
      }
      made.push(await use({ centres: seeding.centres, labels: state.labels }));
    }
  });
  return made;
}
