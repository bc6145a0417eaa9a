import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

// While packed code was compiled, all modules of the process were compiled without V8's first compiler. V8 then ended the
// process with SIGTRAP when it inlined a function that another thread had compiled meanwhile. Node strips types by such a
// module, here in a thread that loads the sources, and a small budget makes V8 inline soon.

const program = `
import { Worker } from "node:worker_threads";
import { compilers } from "../../packages/workers/src/kernels/compile.ts";
import { simdBytes } from "../../packages/core/src/kernels/simd/host/program.ts";
const { packed } = compilers();
let compiled = 0;
const packOne = (features) => {
  const shape = { features, components: 2, covarianceType: "full", dtype: "f64", tileSize: 64 };
  const bytes = simdBytes(shape, { relaxed: true, bits: 256 });
  packed?.(Uint8Array.from([...bytes, 0, 5, 4, ...new TextEncoder().encode(String(1000 + compiled++))]));
};
const source = 'import("${new URL("../../packages/workers/src/index.ts", import.meta.url)}")';
for (let i = 0; i < 4; i++) {
  const worker = new Worker(source, { eval: true });
  let ended = false;
  worker.once("exit", () => (ended = true));
  for (let features = 1; !ended; features = (features % 20) + 1) {
    packOne(features);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
console.log(compiled > 0);
`;

test("packed code is compiled beside other modules of the process", () => {
  const args = ["--wasm-tiering-budget=3000", "--input-type=module", "--eval", program];
  const { stdout, signal } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: import.meta.dirname });
  expect([stdout, signal]).toEqual(["true\n", null]);
});
