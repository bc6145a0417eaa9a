import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openOutputs } from "../../../../../packages/emix/src/cli/outputs/output.ts";
import { commandIn, ROOT } from "../../../../support/command.ts";

const { emix, file, read, folder, remove } = commandIn("outputs");
afterAll(remove);

const text = "x,y\n1,2\n2,1\n3,5\n8,9\n9,8\n9,5\n";
const points = file("points.csv", text);
const fit = (...args: string[]) => emix("fit", points, "-k", "1", "-q", ...args);
const parts = () => readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".part"));

describe("an output that is an input is refused before any work", () => {
  symlinkSync("points.csv", join(folder, "link.json"));
  linkSync(join(folder, "points.csv"), join(folder, "hard.json"));
  mkdirSync(join(folder, "sub"));

  test.each(["link.json", "hard.json", "sub/../hard.json"])("%s", (output) => {
    const { status, stderr, stdout } = fit("-o", output);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /^emix: Expected an output to be another file than those that are read, got [^\n]+ \[INVALID_OPTION\]\n$/,
    );
    expect(read("points.csv")).toBe(text);
  });
});

test("an output is none of the files of a pattern", () => {
  const several = ["part-1.csv", "part-2.csv"];
  for (const name of several) file(name, text);
  fit("-o", "parts.json");
  const { status, stderr } = emix("predict", "parts.json", "part-*.csv", "-o", "part-2.csv");
  expect(stderr).toMatch(/Expected an output to be another file than those that are read, got part-2\.csv;/);
  expect([status, ...several.map(read)]).toEqual([2, text, text]);
});

test("a checkpoint takes the place of nothing that is read or written", () => {
  const steps = ["--checkpoint", "points.csv", "--tolerance", "0", "--max-iterations", "40"];
  expect(fit(...steps)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/Expected an output to be another file/),
  });
  expect(read("points.csv")).toBe(text);
  fit("-o", "start.json");
  const before = read("start.json");
  for (const flag of ["--from", "--match-to"]) {
    expect(fit(flag, "start.json", "--checkpoint", "start.json").status).toBe(2);
    expect(read("start.json")).toBe(before);
  }
  expect(fit("-o", "same.json", "--checkpoint", "./same.json").stderr).toMatch(
    /Expected every output to be another file/,
  );
});

describe("standard output that goes to a file that is read", () => {
  fit("-o", "rows.json");
  const appended = (command: string) => spawnSync("sh", ["-c", command], { cwd: folder, encoding: "utf8" });
  const cli = `"${process.execPath}" "${join(ROOT, "packages/emix/src/cli.ts")}"`;

  test.each([
    `${cli} predict rows.json points.csv >> points.csv`,
    `${cli} predict rows.json - < points.csv >> points.csv`,
    `${cli} fit points.csv -k 1 -q >> points.csv`,
  ])("%s", (command) => {
    const { status, stderr } = appended(command);
    expect(stderr).toMatch(/Expected an output to be another file than those that are read, got standard output/);
    expect(status).toBe(2);
    expect(read("points.csv")).toBe(text);
  });
});

test.each(["--from", "--match-to"])("a model of %s is taken the place of by the one that comes of it", (flag) => {
  fit("-o", "old.json");
  expect(emix("fit", points, "-k", "1", "-q", flag, "old.json", "-o", "./old.json")).toMatchObject({ status: 0 });
  expect(JSON.parse(read("old.json")).fit.options).toMatchObject({
    [flag === "--from" ? "from" : "matchTo"]: "old.json",
  });
  expect(parts()).toEqual([]);
});

describe("an output is written whole or not at all", () => {
  test("folders are made, and nothing else is left", () => {
    expect(fit("-o", "a/b/model.json", "-o", "a/model.npz", "-o", "a/model.onnx").status).toBe(0);
    expect(readdirSync(join(folder, "a")).sort()).toEqual(["b", "model.npz", "model.onnx"]);
    expect(parts()).toEqual([]);
  });

  test("a link stays a link, and a file keeps its mode", () => {
    const target = file("target.json", "old");
    chmodSync(join(folder, target), 0o640);
    symlinkSync(target, join(folder, "pointer.json"));
    expect(fit("-o", "pointer.json").status).toBe(0);
    expect(lstatSync(join(folder, "pointer.json")).isSymbolicLink()).toBe(true);
    expect(JSON.parse(read("target.json")).format).toBe("emix-model");
    expect(statSync(join(folder, target)).mode & 0o777).toBe(0o640);
  });

  test("what cannot be written is told before the file is read", () => {
    const { status, stderr } = emix("fit", "nowhere.csv", "-k", "1", "-o", `${points}/model.json`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^emix: Could not write points\.csv\/model\.json: [^\n]+ \[BAD_FILE\]\n$/);
    mkdirSync(join(folder, "folder.json"));
    expect(emix("fit", "nowhere.csv", "-k", "1", "-o", "folder.json").stderr).toContain("got the folder folder.json");
    expect(emix("fit", "nowhere.csv", "-k", "1", "-o", "model.txt").stderr).toContain("[UNKNOWN_FORMAT]");
    expect(emix("fit", "nowhere.csv", "-k", "1", "-o", "a.json", "-o", "./a.json").stderr).toContain("a.json twice");
  });

  test("where writing fails after all, the old file stays and the bytes are kept", async () => {
    const place = join(folder, "full");
    mkdirSync(place);
    const path = join(place, "model.json");
    writeFileSync(path, "old");
    const [output] = await openOutputs([path], []);
    // The place goes away between the check and the write.
    rmSync(place, { recursive: true });
    const failure = await output.write(new TextEncoder().encode("new")).catch((error: Error) => error.message);
    const [, kept] = /what was to be written is in (\S+)\.$/.exec(failure as string) ?? [];
    expect(readFileSync(kept, "utf8")).toBe("new");
    expect(existsSync(path)).toBe(false);
  });

  test.runIf(existsSync("/dev/full"))("a full disk: one line, exit 1", () => {
    const device = fit("-o", "/dev/full");
    expect(device.status).toBe(1);
    expect(device.stderr).toMatch(/^emix: Could not write \/dev\/full: ENOSPC[^\n]* \[BAD_FILE\]\n$(?![\s\S])/m);
    const full = openSync("/dev/full", "w");
    const cli = join(ROOT, "packages/emix/src/cli.ts");
    for (const flags of [[], ["--json"]]) {
      const { status, stderr } = spawnSync(process.execPath, [cli, "fit", points, "-k", "1", "-q", ...flags], {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", full, "pipe"],
      });
      expect(status).toBe(1);
      expect(stderr).toMatch(/^emix: Could not write standard output: [^\n]* \[BAD_FILE\]\n$(?![\s\S])/m);
    }
    closeSync(full);
  });
});

// A limit on the size of files is a disk that fills when some of the model is written.
test("a disk that fills during the write: the old model stays whole, one line, exit 1", () => {
  const rows = Array.from({ length: 400 }, (_, i) =>
    [0, 1, 2, 3].map((j) => ((i * (37 + j)) % 101) + (i % 5) * 200).join(),
  );
  writeFileSync(join(folder, "many.csv"), `a,b,c,d\n${rows.join("\n")}\n`);
  const model = file("old.json", "old");
  const before = readdirSync(folder);
  const command = `ulimit -f 4; "${process.execPath}" "${join(ROOT, "packages/emix/src/cli.ts")}" fit many.csv -k 20 -q -o ${model}`;
  const { status, stderr } = spawnSync("bash", ["-c", command], { cwd: folder, encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^emix: Could not write old\.json: EFBIG: [^\n]* \[BAD_FILE\]\n$/m);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(read("old.json")).toBe("old");
  expect(readdirSync(folder)).toEqual(before);
});

describe("standard output", () => {
  test("gets the model once", () => {
    const { stdout, status } = fit("--json", "-o", "-", "-o", "also.json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(read("also.json")));
  });

  test("is free for the table where the model goes to a file", () => {
    expect(fit("-o", "quiet.json").stdout).toContain("component");
  });
});
