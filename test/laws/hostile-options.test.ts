import { createEngine } from "emix";
import { afterAll, expect, test } from "vitest";
import { callOutcome, hostileCall } from "../support/hostile-options.ts";

// Whatever options a call is given, it gives finite numbers or a typed error. `pnpm fuzz options` tries more of them.

const SEED = 1;
const local = await createEngine({ threads: 1, offThread: false });
const remote = await createEngine({ threads: 1 });
afterAll(() => Promise.all([local.close(), remote.close()]));

test("options of any kind", { timeout: 120_000 }, async () => {
  for (let index = 0; index < 1000; index++) {
    const call = hostileCall(SEED, index);
    const outcome = await callOutcome(index % 2 === 0 ? local : remote, call).catch((error: unknown) => error);
    expect(outcome, `call ${index} of seed ${SEED}: ${call.words}`).toBeTypeOf("string");
  }
});
