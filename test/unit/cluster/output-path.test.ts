import { expect, test } from "vitest";
import { outputPath } from "../../../packages/cluster/src/output-path.ts";

test("an output has the path of its file without endings, once", () => {
  expect(outputPath("labels/*.parquet", "2013/flights.csv.gz")).toBe("labels/2013/flights.parquet");
  expect(outputPath("*.csv", "$&/a.b.npy")).toBe("$&/a.b.csv");
});
