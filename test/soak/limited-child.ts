// Points and fits that come and go, all dropped. Prints a line of JSON: what was resident at most in the first twenty of each
// kind, at their end, and at most in all, in MiB, and how many handles are left.

import { peakMemory } from "../../bench/support/memory.ts";

// The package as it is published: with TypeScript, each thread would take 40 MiB more.
const { createEngine }: typeof import("emix") = await import(
  new URL("../../packages/emix/dist/index.js", import.meta.url).href
);

const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
const resident = () => mebibytes(process.memoryUsage.rss());

/** Three clouds in a line. */
function numbers(count: number): Float64Array {
  const found = new Float64Array(count);
  for (let i = 0; i < count; i++) found[i] = ((i * 2_654_435_761) % 1_000_003) / 1e6 + (i % 3) * 4;
  return found;
}

const share = Number(process.argv[2] ?? 1);
const large = numbers(8_000_000);
const middle = large.slice(0, 2_000_000);
const small = large.slice(0, 1200);
const plain = { components: 3, initialization: "k-means++" } as const;
const engine = await createEngine({ threads: 2 });
const handles = process.getActiveResourcesInfo().length;
const KINDS: Readonly<Record<string, readonly [times: number, once: (seed: number) => Promise<unknown>]>> = {
  "loads of 64 MB": [200, () => engine.load({ data: large, features: 8 })],
  "fits of 16 MB": [500, () => engine.fit({ data: middle, features: 8 }, { ...plain, maxIterations: 5 })],
  "small fits": [1000, (seed) => engine.fit({ data: small, features: 4 }, { ...plain, seed })],
};
const kinds: Record<string, { readonly first: number; readonly end: number }> = {};
for (const [name, [times, once]] of Object.entries(KINDS)) {
  let first = 0;
  for (let i = 0; i < Math.ceil(times * share); i++) {
    await once(i);
    if (i < 20) first = Math.max(first, resident());
  }
  kinds[name] = { first, end: resident() };
}
const left = process.getActiveResourcesInfo().length - handles;
await engine.close();
console.log(JSON.stringify({ kinds, peak: mebibytes(peakMemory()), left }));
