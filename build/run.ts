import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundle, ROOT } from "./bundle.ts";
import { writeNotices } from "./notices.ts";
import { gatherTypes } from "./types.ts";

// `pnpm build`: the files of packages/emix/dist that are published. The module of
// a thread is one file, so a bundler may copy it anywhere. tsc has written the declarations before.

const packages = join(ROOT, "packages");
const dist = join(packages, "emix/dist");
for (const name of readdirSync(dist))
  if (name.endsWith(".js") || name === "types") rmSync(join(dist, name), { recursive: true });

/** What the command needs only sometimes: it imports packages that stay outside, or starts threads. */
const SELDOM =
  /esm-external-require|\/remote-backend\.ts$|\/comlink\/|\/pool\.ts$|\/piscina\/|\/arrow|\/packages\/cluster\/|\/emix\/src\/cluster\//;

// Node takes a millisecond to find and open a file, so most of the command is one.
const COMMAND = { groups: [{ name: "program", test: (id: string) => !/\/cli\.ts$/.test(id) && !SELDOM.test(id) }] };

const LIBRARY = { groups: [{ name: "library", tags: ["$initial" as const] }] };

const bundled = [
  ...(await bundle("index", join(packages, "emix/src/index.ts"), dist, LIBRARY)),
  ...(await bundle("cli", join(packages, "emix/src/cli.ts"), dist, COMMAND)),
  ...(await bundle("emix-worker", join(packages, "workers/src/emix-worker.ts"), dist, false)),
  ...(await bundle("emix-engine", join(packages, "workers/src/emix-engine.ts"), dist, false)),
];
gatherTypes(join(dist, "types"));
writeNotices(bundled, join(dist, "THIRD-PARTY.txt"));
