import {
  advance,
  assemble,
  at,
  f64Lanes,
  integer,
  lessThan,
  repeat,
  routine,
  set,
  store,
  vector,
} from "../../packages/core/src/kernels/simd/language/wasm.ts";
import { compilers } from "../../packages/workers/src/kernels/compile.ts";
import { quickest } from "./measure.ts";

/** As many as sixteen registers hold, and enough to cover the latency of multiply-add. */
const CHAINS = 12;
const LANES = 4;
const ROUNDS = 200_000;

/**
 * The most that vectors of 256 bits reach on one core, where V8 packs them as it does those of kernels: chains of
 * multiply-add on registers, in the language that kernels are written in.
 * out: GFLOP/s, a multiplication and an addition counted as two; null where V8 cannot pack
 */
export async function measurePackedPeak(milliseconds: number): Promise<number | null> {
  const run = packedLoop();
  if (run === null) return null;
  const flops = ROUNDS * CHAINS * LANES * 2;
  return flops / (await quickest(() => run(ROUNDS), milliseconds)) / 1e6;
}

function packedLoop(): ((rounds: number) => void) | null {
  const { packed } = compilers();
  if (packed === null) return null;
  const lanes = f64Lanes(true, 32);
  const loop = routine(["rounds"], ({ rounds }) => {
    const [factor, addend] = [vector(lanes.splat(at(0))), vector(lanes.splat(at(8)))];
    const chains = Array.from({ length: CHAINS }, () => vector(lanes.zero()));
    const round = integer(0);
    repeat(() => {
      for (const chain of chains) set(chain, lanes.madd(chain, factor, addend));
      advance(round, 1);
      return lessThan(round, rounds);
    });
    chains.forEach((chain, i) => void store(at((1 + i) * lanes.vectorBytes), chain));
  });
  const module = packed(assemble({ loop }, new Uint8Array(Float64Array.of(0.5, 1).buffer))) as WebAssembly.Module;
  const memory = new WebAssembly.Memory({ initial: 1 });
  return new WebAssembly.Instance(module, { emix: { memory } }).exports.loop as (rounds: number) => void;
}
