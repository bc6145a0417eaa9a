import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOSTS, type Host } from "../support/hosts.ts";
import { installed } from "../support/installed.ts";
import { RUNNERS } from "../support/runners.ts";
import { copyLaws, toldLaws } from "../support/told-laws.ts";

// `pnpm test:hosts [every]`: the packed package under every host: fingerprints of fits, which must be equal on all of them
// (with a number: only every so many), laws in small, a worker that dies, and the models of the command; then the laws under
// runners of tests.

const every = process.argv[2] ?? "1";
const here = new URL("./", import.meta.url).pathname;
const emix = installed();
const model = join(emix.folder, "model.json");
copyFileSync(`${here}fingerprints.ts`, join(emix.folder, "fingerprints.ts"));
copyLaws(emix.folder);
const rows = Array.from({ length: 3000 }, (_, i) => `${(i * 37) % 101},${((i * 61) % 89) + (i % 2) * 200}`);
writeFileSync(join(emix.folder, "points.csv"), `x,y\n${rows.join("\n")}\n`);

type Fingerprints = Readonly<Record<string, string>>;

/** What a host says of all this. */
interface Findings {
  /** of fits with `strict`, and without it */
  readonly strict: Fingerprints;
  readonly fused: Fingerprints;
  readonly laws: string;
  readonly model: string;
}

function run(host: Host, ...args: string[]): string {
  const [program, ...before] = host.command();
  const options = { cwd: emix.folder, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } } as const;
  const { status, stdout, stderr } = spawnSync(program, [...before, ...args], options);
  return status === 0 ? stdout.trim() : `exit code ${status}: ${stderr.trim()}`;
}

function fingerprintsOf(host: Host, kind: "strict" | "fused"): Fingerprints {
  const printed = run(host, "fingerprints.ts", kind, every);
  return printed.startsWith("{") ? JSON.parse(printed) : { all: printed };
}

function findingsOf(host: Host): Findings {
  rmSync(model, { force: true });
  const command = run(host, "node_modules/emix/dist/cli.js", "fit", "points.csv", "-k", "4", "--quiet", "-o", model);
  return {
    strict: fingerprintsOf(host, "strict"),
    fused: fingerprintsOf(host, "fused"),
    laws: toldLaws(emix.folder, [...host.command(), "tell-laws.ts"]),
    model: existsSync(model) ? readFileSync(model, "utf8").replace(/"(seconds|kind)": .*/g, "") : command,
  };
}

/** The fingerprints that are not as expected. */
function differences(found: Fingerprints, expected: Fingerprints): string[] {
  return Object.keys(expected)
    .filter((name) => found[name] !== expected[name])
    .map((name) => `${name}: ${found[name] ?? found.all}`);
}

/** Does the host fuse multiplication and addition? Otherwise `strict` changes nothing. */
const fuses = ({ strict, fused }: Findings) => differences(fused, strict).length > 0;

/** What differs from the first host's, or fails. A host that does not fuse has the results of `strict`. */
function faultsOf(findings: Findings, first: Findings): string[] {
  const { strict, fused, laws } = findings;
  const sameModel = findings.model === first.model || !fuses(findings);
  return [
    ...differences(strict, first.strict).map((text) => `strict, ${text}`),
    ...(fuses(findings) ? differences(fused, first.fused) : []),
    ...(laws === "holds" ? [] : [`laws: ${laws.slice(-600)}`]),
    ...(sameModel && findings.model.startsWith("{") ? [] : [`the command's model: ${findings.model.slice(0, 300)}`]),
  ];
}

let first: Findings | undefined;
let failed = 0;
for (const host of HOSTS) {
  const findings = findingsOf(host);
  first ??= findings;
  const faults = faultsOf(findings, first);
  failed += faults.length;
  const count = Object.keys(first.strict).length;
  const kind = fuses(findings) ? `and ${count} fused` : "and the same without (it does not fuse)";
  const good = `${count} fingerprints as on ${HOSTS[0].name} with \`strict\`, ${kind}; laws, a dead worker, the command`;
  console.log(`${host.name}: ${faults.length === 0 ? good : `${faults.length} faults`}`);
  for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`);
}
for (const { name, command } of RUNNERS) {
  const told = toldLaws(emix.folder, [process.execPath, ...command()]);
  if (told !== "holds") failed++;
  console.log(`${name}: ${told === "holds" ? "laws, a dead worker" : told}`);
}
emix.remove();
process.exitCode = failed > 0 ? 1 : 0;
