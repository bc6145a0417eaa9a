import { createEngine } from "emix";
import { expect, test } from "vitest";
import { expressionOutcome, hostileExpression, writeTable } from "../support/hostile-expressions.ts";
import { temporaryFolder } from "../support/io-files.ts";

// Whatever stands in a column expression, it gives numbers or a typed error, and no file changes. `pnpm fuzz expressions`
// tries more of them, and watches standard output and signals as well.

const SEED = 1;
const folder = temporaryFolder();

test("column expressions of any kind", { timeout: 120_000 }, async () => {
  const path = await folder.write("data.csv", "");
  const own = path.slice(0, path.lastIndexOf("/"));
  writeTable(own);
  await using engine = await createEngine({ threads: 1, offThread: false });
  for (let index = 0; index < 150; index++) {
    const expression = hostileExpression(SEED, index);
    const outcome = await expressionOutcome(engine, own, expression).catch((error: unknown) => error);
    expect(outcome, `expression ${index} of seed ${SEED}: ${expression}`).toBeTypeOf("string");
  }
});
