import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes the licences of all packages that the bundled files come from. in: paths of those files */
export function writeNotices(bundled: readonly string[], path: string): void {
  const packages = new Set(bundled.filter((file) => file.includes("node_modules")).map(packageOf));
  const notices = [...packages].sort().map(noticeOf);
  writeFileSync(path, `Code of these packages is part of the files beside this one.\n\n${notices.join("\n\n")}\n`);
}

function packageOf(file: string): string {
  const folder = dirname(file);
  const isPackage = existsSync(join(folder, "package.json")) && "name" in manifestOf(folder);
  return isPackage ? folder : packageOf(folder);
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

function noticeOf(folder: string): string {
  const { name, version, license } = manifestOf(folder);
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file === undefined ? "" : `\n\n${readFileSync(join(folder, file), "utf8").trim()}`;
  return `${"-".repeat(80)}\n${name} ${version} (${license})${text}`;
}
