import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withoutReadingLine } from "./reading-line.ts";

export const ROOT: string = new URL("../../", import.meta.url).pathname;

/** The real command in a process of its own, in a folder that `remove` removes. */
export function commandIn(name: string) {
  const folder = mkdtempSync(join(tmpdir(), `emix-${name}-`));
  return {
    emix(...args: string[]) {
      const command = join(ROOT, "packages/emix/src/cli.ts");
      const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
        cwd: folder,
        encoding: "utf8",
      });
      return { status, stdout, stderr: withoutReadingLine(stderr) };
    },
    /** out: its name in the folder */
    file(path: string, text: string): string {
      writeFileSync(join(folder, path), text);
      return path;
    },
    folder,
    read: (path: string): string => readFileSync(join(folder, path), "utf8"),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
