import { expect, test } from "vitest";
import { listenTo } from "../../../../../packages/core/src/fit/concurrency/listen-to.ts";

test("what is told while the consumer is busy comes too, also if the work ends meanwhile", async () => {
  const steps = listenTo<number, string>(async (tell) => {
    tell(1);
    await Promise.resolve();
    tell(2);
    return "done";
  });
  const heard: number[] = [];
  let next = await steps.next();
  for (; !next.done; next = await steps.next()) {
    heard.push(next.value);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect([heard, next.value]).toEqual([[1, 2], "done"]);
});
