import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

// The threads of engines that were dropped without `close` stayed: 30 engines held 976 MB.

const program = `
import { createEngine } from "emix";
let [begun, ended] = [0, 0];
process.on("worker", (worker) => {
  begun++;
  worker.on("exit", () => ended++);
});
const fitOnce = async () => {
  const engine = await createEngine({ threads: 1 });
  await engine.fit([[1], [2], [4], [8]], { components: 1 });
};
for (let i = 0; i < 3; i++) await fitOnce();
for (let i = 0; i < 200 && ended < begun; i++) {
  globalThis.gc();
  await new Promise((resolve) => setTimeout(resolve, 20));
}
console.log(begun > 0, begun === ended);
`;

test("engines that nobody holds end their threads", () => {
  const args = ["--expose-gc", "--input-type=module", "--eval", program];
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: import.meta.dirname });
  expect(stdout).toBe("true true\n");
});
