import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

// An aborted fit answers while the engine closes. That answer let go of the thread, and the process ended with exit code
// 13 before `close` had resolved.

const run = promisify(execFile);
const emix = new URL("../../packages/emix/src/index.ts", import.meta.url).href;
const program = `
  import { createEngine } from ${JSON.stringify(emix)};
  const engine = await createEngine({ threads: 1 });
  const points = await engine.load(Array.from({ length: 300 }, (_, i) => [i % 17, i % 23]));
  for (let i = 0; i < 3; i++) {
    const controller = new AbortController();
    const onStep = ({ iteration }) => iteration === 5 + i && controller.abort();
    const options = { components: 3, tolerance: 0, maxIterations: 1e9, signal: controller.signal, onStep };
    await engine.fit(points, options).catch(() => {});
  }
  await engine.close();
  console.log("closed");
`;

test("an engine that is closed just after an abort keeps the process until it is closed", async () => {
  const runs = Array.from({ length: 6 }, () => run(process.execPath, ["--input-type=module", "--eval", program]));
  for (const { stdout } of await Promise.all(runs)) expect(stdout).toBe("closed\n");
}, 60_000);
