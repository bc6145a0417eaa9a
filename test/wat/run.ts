import { parseArgs } from "node:util";
import type { CovarianceType, Dtype } from "@emix/core";
import wabt from "wabt";
import { simdBytes } from "../../packages/core/src/kernels/simd/host/program.ts";
import { allocateTiles } from "../../packages/core/src/points/tiles.ts";

// Prints a generated kernel as WebAssembly text: pnpm kernel:wat --features 4 --type diag

const { values } = parseArgs({
  options: {
    features: { type: "string", default: "4" },
    type: { type: "string", default: "full" },
    dtype: { type: "string", default: "f64" },
    strict: { type: "boolean", default: false },
    looped: { type: "boolean", default: false },
    bits: { type: "string", default: "128" },
  },
});

const features = Number(values.features);
const dtype = values.dtype as Dtype;
const { tileSize } = allocateTiles({ count: 1, features, dtype, weighted: false });
const shape = { features, components: 1, covarianceType: values.type as CovarianceType, dtype, tileSize };
const bits = values.bits === "256" ? 256 : 128;
const bytes = simdBytes(shape, { relaxed: !values.strict, bits, ...(values.looped && { unrolled: false }) });
const { readWasm } = await wabt();
const module = readWasm(bytes, { simd: true, relaxed_simd: true } as Parameters<typeof readWasm>[1]);
module.applyNames();
console.log(module.toText({ foldExprs: true, inlineExport: true }));
