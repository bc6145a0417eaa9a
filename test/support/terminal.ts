import { spawnSync } from "node:child_process";

const ESCAPE = "\u001b";
const TOKEN = new RegExp(`${ESCAPE}\\[[\\d;?]*[A-Za-z]|[\\s\\S]`, "gu");

/** What is on a terminal of so many columns once some bytes have been written to it: its lines, wrapped where they are too long. */
export function screenOf(bytes: string, columns: number): string[] {
  const lines: string[][] = [[]];
  let row = 0;
  let column = 0;
  for (const [token] of bytes.matchAll(TOKEN)) {
    if (token === "\r") column = 0;
    else if (token === "\n") row++;
    else if (token === `${ESCAPE}[K`) lines[row].length = Math.min(lines[row].length, column);
    else if (!token.startsWith(ESCAPE)) {
      if (column === columns) [row, column] = [row + 1, 0];
      lines[row] ??= [];
      lines[row][column++] = token;
    }
    lines[row] ??= [];
  }
  return lines.map((line) => Array.from(line, (letter) => letter ?? " ").join(""));
}

/** Runs a command in a pseudo-terminal, which is its standard input, output and error. out: all that it wrote */
export function inTerminal(command: readonly string[], { cwd, columns }: { cwd: string; columns: number }): string {
  const quoted = command.map((word) => `'${word}'`).join(" ");
  const { stdout } = spawnSync("script", ["-qec", `stty cols ${columns} rows 24; ${quoted}`, "/dev/null"], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 2 ** 28,
  });
  return stdout;
}
