import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Every Node that the package supports, by a version of each. */
export const NODES: readonly string[] = ["22.18.0", "24.21.0", "26.10.0"];

const root = new URL("../../", import.meta.url).pathname;
const platform = process.platform === "win32" ? "win" : process.platform;

/** The path of a Node of this version. */
export function nodeAt(version: string): string {
  return binaryOf(`node-${platform}-${process.arch}`, version, platform === "win" ? "bin/node.exe" : "bin/node");
}

/** The path of a file in a package of this version, installed from npm beside the project's other packages. */
export function binaryOf(name: string, version: string, path: string): string {
  const prefix = join(root, "node_modules/.cache/nodes", `${name.replace("/", "+")}@${version}`);
  const binary = join(prefix, "node_modules", name, path);
  if (!existsSync(binary)) {
    const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", prefix, `${name}@${version}`];
    spawnSync("npm", args, { cwd: root, stdio: "inherit" });
  }
  return binary;
}
