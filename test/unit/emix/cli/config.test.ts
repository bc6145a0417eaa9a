import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { commandIn, ROOT } from "../../../support/command.ts";

const { emix, file, read, remove } = commandIn("config");
afterAll(remove);

const faithful = join(ROOT, "data/faithful.csv");
let count = 0;
const configOf = (config: unknown) =>
  file(`config${count++}.json`, typeof config === "string" ? config : JSON.stringify(config));
const fitted = (name: string) => {
  const { fit, ...model } = JSON.parse(read(name));
  return { ...model, fit: { ...fit, seconds: 0 } };
};

describe("a config file", () => {
  const config = configOf({
    components: 3,
    column: ["waiting", "eruptions"],
    "covariance-type": "diag",
    seed: 5,
    quiet: true,
    output: "model.json",
    tolerance: 1e-4,
  });

  test("is as good as flags", () => {
    const { status, stderr } = emix("fit", faithful, "--config", config);
    expect([status, stderr]).toEqual([0, ""]);
    const flags =
      "-k 3 -c waiting -c eruptions --covariance-type diag --seed 5 --tolerance 1e-4 -q -o flags.json".split(" ");
    emix("fit", faithful, ...flags);
    expect(fitted("model.json")).toEqual(fitted("flags.json"));
  });

  test.each([
    [["-k", "2", "-c", "waiting", "-o", "own.json"]],
    [["--components=2", "--column=waiting", "--output=own.json"]],
    [["-k2", "-cwaiting", "-oown.json"]],
  ])("gives way to flags: %j", (flags) => {
    emix("fit", faithful, "--seed", "6", ...flags, `--config=${config}`);
    expect(fitted("own.json")).toMatchObject({ components: 2, columns: ["waiting"], fit: { seed: 6 } });
  });

  test("gives way to a flag that excludes its own", () => {
    const ridge = configOf({ components: 2, ridge: 1e-3, quiet: true, output: "ridge.json" });
    expect(emix("fit", faithful, "--config", ridge, "--regularization", "0.1", "--progress", "json").status).toBe(0);
    expect(fitted("ridge.json").fit.options).toMatchObject({ regularization: 0.1 });
  });

  test("stands there once", () => {
    const twice = emix("fit", faithful, "--config", config, `--config=${config}`);
    expect(twice).toMatchObject({ status: 2, stderr: expect.stringContaining("Expected --config once") });
  });

  test("false leaves a flag out", () => {
    expect(emix("fit", faithful, "-k", "2", "--config", configOf({ json: false, quiet: true })).stdout).toContain(
      "share",
    );
  });
});

test.each<[unknown, number, RegExp]>([
  [
    { component: 3 },
    2,
    /Expected names of flags in .*, got "component"; known are .*column, .*components, .*\[UNKNOWN_OPTION\]/,
  ],
  [{ config: "x.json" }, 2, /got "config"/],
  [{ components: 0 }, 2, /Expected --components to be an integer of at least 1, got 0\. \[INVALID_OPTION\]/],
  [{ components: { a: 1 } }, 2, /Expected "components" in .* to be text or a number/],
  [{ quiet: "yes" }, 2, /Expected "quiet" in .* to be true or false, got "yes"/],
  ["[1]", 1, /a JSON object of flags.*it is no object\. \[BAD_FILE\]/],
  ["{", 1, /a JSON object of flags.*\[BAD_FILE\]/],
])("%j is refused", (config, status, message) => {
  const result = emix("fit", faithful, "-k", "2", "--config", configOf(config));
  // A flag of the command line would win, so that what is wrong is never looked at.
  const own =
    (config as { components?: unknown }).components === undefined
      ? result
      : emix("fit", faithful, "--config", `config${count - 1}.json`);
  expect(own.stderr).toMatch(message);
  expect(own.stderr).toMatch(/^emix: [^\n]+\n$/);
  expect(own.status).toBe(status);
});

test("no file: one line", () => {
  expect(emix("fit", faithful, "-k", "2", "--config", "nowhere.json").stderr).toMatch(
    /^emix: Expected a config file at [^\n]+ \[FILE_NOT_FOUND\]\n$/,
  );
});
