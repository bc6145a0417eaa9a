import { fit, type Model } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { commandIn } from "../../../../support/command.ts";

const { emix, file, read, remove } = commandIn("labels");
afterAll(remove);

const values = Array.from({ length: 60 }, (_, i) => (i % 2) * 6 + Math.sin(i * i));
const names = values.map((_, i) => (i % 5 === 0 ? (i % 2 === 0 ? "small" : "large") : i % 5 === 1 ? "NA" : ""));
const numbers = values.map((_, i) => (i % 5 === 0 ? String(i % 2) : ""));
file("points.csv", ["x,kind,number", ...values.map((x, i) => `${x},${names[i]},${numbers[i]}`)].join("\n"));
const fitting = (...flags: string[]) => emix("fit", "points.csv", "-k", "2", ...flags);

describe("--label-column", () => {
  test("numbers names in the order of their letters, and says so", async () => {
    const { status, stderr } = fitting("-c", "x", "--label-column", "kind", "-o", "named.json");
    expect([status, stderr]).toEqual([0, expect.stringContaining("emix: components by kind: large 0, small 1\n")]);
    const { fit: about, means } = JSON.parse(read("named.json")) as Model & { readonly means: number[] };
    expect(about?.options).toMatchObject({ labelColumn: "kind" });
    const known = names.map((name) => ["large", "small"].indexOf(name));
    const { mixture } = await fit(
      { data: Float64Array.from(values), features: 1 },
      { components: 2, knownComponents: known },
    );
    expect(means[0]).toBe(mixture.means[0]);
  });

  test("takes whole numbers as they are, and leaves their column out of the fit", () => {
    const { status, stderr } = fitting("--label-column", "number", "-o", "numbered.json");
    expect([status, stderr]).toEqual([0, expect.not.stringContaining("components by")]);
    const { columns } = JSON.parse(read("numbered.json")) as Model;
    expect(columns).toEqual(["x"]);
  });

  test("refuses what it cannot use", () => {
    const refused = (message: RegExp, ...flags: string[]) => {
      const { status, stderr } = fitting(...flags);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(message);
    };
    refused(/no column.*kinds|kinds.*UNKNOWN_COLUMN/s, "--label-column", "kinds");
    refused(
      /Expected --restarts to be 1, as known components make the start, with --label-column/,
      "--label-column",
      "kind",
      "--restarts",
      "3",
    );
    const many = emix("fit", "points.csv", "-k", "1", "-c", "x", "--label-column", "kind");
    expect(many.stderr).toMatch(/at most 1 labels, as many as components, got 2: large, small; raise --components/);
    const stream = emix("fit", "-", "-k", "2", "--label-column", "kind");
    expect(stream.stderr).toMatch(/--label-column, which is read twice, got standard input/);
  });
});
