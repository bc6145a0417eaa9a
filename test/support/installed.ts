import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./built.ts";

const root = new URL("../../", import.meta.url).pathname;

/** What users get: emix built, packed, and installed in an empty folder. */
export interface Installed {
  readonly folder: string;
  /** paths in the tarball */
  readonly packed: readonly string[];
  remove(): void;
}

export function installed(type: "module" | "commonjs" = "module"): Installed {
  const folder = mkdtempSync(join(tmpdir(), "emix-package-"));
  const run = (command: string, args: readonly string[], cwd: string) =>
    execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  build();
  run("npx", ["-y", "pnpm@12", "pack", "--pack-destination", folder], join(root, "packages/emix"));
  const [tarball] = readdirSync(folder);
  const packed = run("tar", ["-tzf", tarball], folder).trim().split("\n");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type }));
  run("npm", ["install", "--no-audit", "--no-fund", `./${tarball}`], folder);
  return { folder, packed, remove: () => rmSync(folder, { recursive: true }) };
}

/** A Node on a script, in the folder of the script. out: what it printed; what it printed to standard error, if it failed */
export function ran(node: string, folder: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: folder, encoding: "utf8" });
  return status === 0 ? stdout.trim() : `exit code ${status}: ${stderr}`;
}
