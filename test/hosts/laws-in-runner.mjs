import { heldLaws } from "./laws.ts";

// For a runner of tests that has `test` and `expect` as globals.

test("laws hold, also when a worker dies", async () => {
  expect(await heldLaws(process.env.EMIX_WORKER)).toBe("holds");
}, 120_000);
