import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { commandIn } from "../../../../support/command.ts";

const { emix, file, folder, remove } = commandIn("completion");
afterAll(remove);

const SHELLS = ["bash", "zsh", "fish"];
file("my model.json", "{}");
for (const shell of SHELLS) file(`emix.${shell}`, emix("completion", shell).stdout);

test.each(SHELLS)("%s is here (if not: apt-get install -y zsh fish)", (shell) => {
  expect(spawnSync(shell, ["-c", "true"]).status).toBe(0);
});

/** What bash would offer for the last of these words. */
function bash(...words: string[]): string[] {
  const list = words.map((word) => `'${word}'`).join(" ");
  const script = `source emix.bash; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _emix; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", script], { cwd: folder, encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((word) => word !== "");
}

describe("bash", () => {
  test.each<[string[], string[]]>([
    [["emix", "re"], ["report"]],
    [
      ["emix", "fit", "--init", ""],
      ["default", "fast", "thorough", "k-means++", "random"],
    ],
    [["emix", "predict", "--missing", "d"], ["drop"]],
    [
      ["emix", "predict", "--ke"],
      ["--keep", "--keep-all"],
    ],
    [["emix", "predict", "my"], ["my model.json"]],
    [["emix", "fit", "x.csv", "--from", "my"], ["my model.json"]],
    [["emix", "fit", "-k", ""], []],
    [
      ["emix", "completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [["emix", "none", "--"], []],
  ])("%j: %j", (words, offered) => {
    expect(bash(...words)).toEqual(offered);
  });

  test("every command and every flag that the help has", () => {
    const commands = bash("emix", "");
    const listed = [...emix("--help").stdout.matchAll(/^ {2}([a-z]+) (?=.*\[|.*<)/gm)].map(([, name]) => name);
    for (const name of commands) {
      expect(listed).toContain(name);
      const flags = [...emix(name, "--help").stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag);
      expect(bash("emix", name, "--").toSorted()).toEqual([...new Set(flags)].toSorted());
    }
  });
});

describe("zsh", () => {
  test("reads the script", () => {
    const script = `autoload -Uz compinit; compinit -u; source ${join(folder, "emix.zsh")}; print $_comps[emix]`;
    expect(spawnSync("zsh", ["-f", "-c", script], { encoding: "utf8" })).toMatchObject({
      status: 0,
      stdout: "_emix\n",
    });
  });
});

describe("fish", () => {
  test("offers flags and choices", () => {
    const offered = (line: string) =>
      spawnSync("fish", ["-N", "-c", `source emix.fish; complete -C '${line}'`], { cwd: folder, encoding: "utf8" })
        .stdout;
    expect(offered("emix re")).toMatch(/^report\t/m);
    expect(offered("emix fit --init r")).toMatch(/^random/m);
    expect(offered("emix predict --keep")).toMatch(/^--keep-all\t/m);
  });
});

test("another shell is refused", () => {
  expect(emix("completion", "tcsh")).toMatchObject({ status: 2, stdout: "" });
});
