import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = new URL("../../", import.meta.url).pathname;

/** Builds what is published, as `pnpm build` does. */
export function build(): void {
  const run = (...args: readonly string[]) =>
    execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  run(join(root, "node_modules/typescript/bin/tsc"), "-b", "packages/emix");
  run(join(root, "build/run.ts"));
}
