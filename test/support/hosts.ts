import { binaryOf, NODES, nodeAt } from "./nodes.ts";

/** What runs JavaScript: a program, and the arguments that come before a script. */
export interface Host {
  readonly name: string;
  readonly command: () => readonly string[];
}

const DENO = "2.9.6";
const BUN = "1.4.5";

const { platform, arch } = process;
const deno = `@deno/${platform}-${arch}${platform === "linux" ? "-glibc" : ""}`;
const bun = `@oven/bun-${platform}-${arch === "arm64" ? "aarch64" : arch}`;

/** Every host on which results have the same bits. */
export const HOSTS: readonly Host[] = [
  ...NODES.map((version): Host => ({ name: `Node ${version}`, command: () => [nodeAt(version)] })),
  { name: `Deno ${DENO}`, command: () => [binaryOf(deno, DENO, "deno"), "run", "-A"] },
  { name: `Bun ${BUN}`, command: () => [binaryOf(bun, BUN, "bin/bun")] },
];
