import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundle, ROOT } from "./bundle.ts";
import { writeNotices } from "./notices.ts";
import { gatherTypes } from "./types.ts";

// `pnpm build`: the files of packages/emix/dist that are published. The library and the command share chunks. The
// module of a thread is one file, so a bundler may copy it anywhere. tsc has written the declarations before.

const packages = join(ROOT, "packages");
const dist = join(packages, "emix/dist");
for (const name of readdirSync(dist))
  if (name.endsWith(".js") || name === "types") rmSync(join(dist, name), { recursive: true });

const bundled = [
  ...(await bundle({ index: join(packages, "emix/src/index.ts"), cli: join(packages, "emix/src/cli.ts") }, dist)),
  ...(await bundle({ "emix-worker": join(packages, "workers/src/emix-worker.ts") }, dist)),
  ...(await bundle({ "emix-engine": join(packages, "workers/src/emix-engine.ts") }, dist)),
];
gatherTypes(join(dist, "types"));
writeNotices(bundled, join(dist, "THIRD-PARTY.txt"));
