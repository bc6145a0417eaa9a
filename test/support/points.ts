import type { FlatPoints } from "@emix/core";
import { randomStream } from "../../packages/core/src/random.ts";

/** Seeded clusters on a line of centres: n × d, overlapping a little. */
export function clusters(count: number, features: number, components: number, seed: string | number): FlatPoints {
  const random = randomStream(seed, "clusters");
  const data = new Float64Array(count * features);
  for (let i = 0; i < count; i++) {
    const centre = Math.floor(random.uniform() * components);
    for (let j = 0; j < features; j++) data[i * features + j] = 4 * centre * (j % 2 === 0 ? 1 : -0.5) + random.normal();
  }
  return { data, features };
}
