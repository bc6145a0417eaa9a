import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

// pnpm picture: runs the README's command and writes its output into README.md and, as a picture, docs/output.svg.

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const WORDS = ["fit", "data/faithful.csv", "-k", "2"];
const LINE = 20;
const LETTER = 8.43;
const MARGIN = 20;

const output = execFileSync(process.execPath, ["packages/emix/src/cli.ts", ...WORDS], {
  cwd: ROOT,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "ignore"],
}).trimEnd();

const readme = readFileSync(`${ROOT}README.md`, "utf8");
writeFileSync(
  `${ROOT}README.md`,
  readme.replace(/(?<=```text\n)[^`]*?(?=\n```)/, () => output),
);
writeFileSync(`${ROOT}docs/output.svg`, picture([`$ npx emix ${WORDS.join(" ")}`, ...output.split("\n")]));

function picture(lines: readonly string[]): string {
  const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * LETTER) + 2 * MARGIN;
  const height = lines.length * LINE + 2 * MARGIN;
  const texts = lines.map((line, i) => {
    const place = `x="${MARGIN}" y="${MARGIN + (i + 0.75) * LINE}"`;
    return `  <text ${place}${i === 0 ? ' fill="#7ee787"' : ""} xml:space="preserve">${line}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    '  font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#e6edf3">',
    "  <title>emix fit prints a table of the components that it found</title>",
    `  <rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    ...texts,
    "</svg>",
    "",
  ].join("\n");
}
