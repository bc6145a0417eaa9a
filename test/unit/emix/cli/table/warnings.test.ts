import type { Warning } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { warningLines } from "../../../../../packages/emix/src/cli/table/warnings.ts";
import { commandIn } from "../../../../support/command.ts";

const columns = ["height", "weight"];
const when = { firstIteration: 2, lastIteration: 7 };
const lineOf = (...warnings: Warning[]) => warningLines(warnings, columns);

describe("a line for each kind of warning", () => {
  test.each<[Warning, string]>([
    [
      { code: "EMPTY_COMPONENT", component: 3, policy: "reseed", ...when },
      "warning: component 3 lost all its points and was started again elsewhere (iterations 2 to 7) [EMPTY_COMPONENT]",
    ],
    [
      { code: "EMPTY_COMPONENT", component: 3, firstIteration: 4, lastIteration: 4 },
      "warning: component 3 lost all its points and was left with weight 0 (iteration 4) [EMPTY_COMPONENT]",
    ],
    [
      { code: "COLLAPSED_COMPONENT", component: 0, rank: 2, ...when },
      "warning: component 0 is no wider than the rounding of the data in some direction (rank 2; iterations 2 to 7) [COLLAPSED_COMPONENT]",
    ],
    [
      { code: "SINGULAR_COVARIANCE", component: 0, rank: 1, ...when },
      "warning: component 0 became so thin that regularization widened its covariance (rank 1; iterations 2 to 7) [SINGULAR_COVARIANCE]",
    ],
    [
      { code: "NEAR_RESOLUTION", component: 1, resolution: 0.123456, ...when },
      "warning: component 1 is so thin in some direction that the rounding of the data affects it (rounding of 0.1235 standard deviations; iterations 2 to 7) [NEAR_RESOLUTION]",
    ],
    [{ code: "CONSTANT_FEATURE", feature: 1, ...when }, "warning: column weight is constant [CONSTANT_FEATURE]"],
    [{ code: "DEGENERATE_DATA", ...when }, "warning: all points are the same [DEGENERATE_DATA]"],
    [
      { code: "MISSING_POINTS", points: 1234, ...when },
      "warning: 1,234 rows with missing values were left out [MISSING_POINTS]",
    ],
    [
      { code: "NON_MONOTONE", fall: 0.25, ...when },
      "warning: the log-likelihood fell by 0.25 a point; rounding or --ridge can do that (iterations 2 to 7) [NON_MONOTONE]",
    ],
    [
      { code: "NOT_CONVERGED", change: 0.000123456, firstIteration: 200, lastIteration: 200 },
      "warning: stopped after 200 iterations, before the fit had converged; give more by --max-iterations (last change 0.0001235) [NOT_CONVERGED]",
    ],
    [
      { code: "NOT_CONVERGED", firstIteration: 1, lastIteration: 1 },
      "warning: stopped after 1 iteration, before the fit had converged; give more by --max-iterations [NOT_CONVERGED]",
    ],
    [
      { code: "TIME_BUDGET", firstIteration: 1, lastIteration: 1 },
      "warning: the time ran out after 1 iteration; the mixture is the best so far [TIME_BUDGET]",
    ],
    [
      { code: "KERNEL_FALLBACK", ...when },
      "warning: the simd256 kernel is not available here; the simd kernel was used [KERNEL_FALLBACK]",
    ],
  ])("$code", (warning, line) => {
    expect(lineOf(warning)).toEqual([line]);
  });

  test("many alike are counted, and the worst is named", () => {
    const collapsed = [4, 2, 5, 3].map((rank, component) => ({
      code: "COLLAPSED_COMPONENT" as const,
      component,
      rank,
      firstIteration: component,
      lastIteration: 10 + component,
    }));
    const near = [0.1, 0.2].map((resolution, component) => ({
      code: "NEAR_RESOLUTION" as const,
      component,
      resolution,
      ...when,
    }));
    expect(lineOf(...collapsed, ...near)).toEqual([
      "warning: 4 components are no wider than the rounding of the data in some direction (0, 1, 2, …; lowest rank 2, component 1; iterations 0 to 13) [COLLAPSED_COMPONENT]",
      "warning: 2 components are so thin in some direction that the rounding of the data affects them (0, 1; highest rounding of 0.2 standard deviations, component 1; iterations 2 to 7) [NEAR_RESOLUTION]",
    ]);
    expect(
      lineOf({ code: "CONSTANT_FEATURE", feature: 1, ...when }, { code: "CONSTANT_FEATURE", feature: 0, ...when }),
    ).toEqual(["warning: 2 columns are constant (weight, height) [CONSTANT_FEATURE]"]);
  });

  test("what was done about empty components is told apart", () => {
    const empty = (component: number, policy?: "reseed" | "drop"): Warning => ({
      code: "EMPTY_COMPONENT",
      component,
      ...(policy && { policy }),
      ...when,
    });
    expect(lineOf(empty(0, "drop"), empty(1, "drop"), empty(2))).toEqual([
      "warning: 2 components lost all their points and were dropped (0, 1; iterations 2 to 7) [EMPTY_COMPONENT]",
      "warning: component 2 lost all its points and was left with weight 0 (iterations 2 to 7) [EMPTY_COMPONENT]",
    ]);
  });
});

describe("the command", () => {
  const { emix, file, read, remove } = commandIn("warnings");
  afterAll(remove);

  test("names the constant column; the model holds every warning as data", () => {
    const path = file("flat.csv", "height,weight\n1,5\n2,5\n4,5\n7,5\n");
    const { stdout } = emix("fit", path, "-k", "1", "-q", "-o", "flat.json");
    expect(stdout).toContain("warning: column weight is constant [CONSTANT_FEATURE]\n");
    const { fit } = JSON.parse(read("flat.json"));
    expect(fit.warnings).toContainEqual({ code: "CONSTANT_FEATURE", feature: 1, firstIteration: 0, lastIteration: 0 });
  });

  test("a component for every second point: a line a kind, not one a component", () => {
    const rows = Array.from({ length: 120 }, (_, i) => [i, Math.sin(i), Math.cos(3 * i)].join(","));
    const { stdout, status } = emix(
      "fit",
      file("roll.csv", `x,y,z\n${rows.join("\n")}\n`),
      "-k",
      "60",
      "-q",
      "-o",
      "roll.json",
    );
    expect(status).toBe(0);
    const lines = stdout.split("\n").filter((line) => line.startsWith("warning:"));
    const { warnings } = JSON.parse(read("roll.json")).fit as { warnings: Warning[] };
    expect(warnings.length).toBeGreaterThan(30);
    expect(lines.length).toBe(new Set(warnings.map(({ code, policy }) => `${code}/${policy}`)).size);
    expect(lines.length).toBeLessThanOrEqual(6);
  });
});
