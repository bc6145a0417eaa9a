import { ConstantPool } from "../../packages/core/src/kernels/simd/language/constants.ts";
import {
  advance,
  assemble,
  at,
  f64Lanes,
  type Lanes,
  lessThan,
  repeat,
  routine,
  store,
  type Vector,
  vector,
} from "../../packages/core/src/kernels/simd/language/wasm.ts";

/** A function of vectors as a function of arrays: compiled, run on two numbers at a time. */
export function vectorFunction(
  write: (lanes: Lanes, pool: ConstantPool, x: ReturnType<typeof vector>) => Vector,
  relaxed: boolean,
): (values: readonly number[]) => Float64Array {
  const start = 1024;
  const lanes = f64Lanes(relaxed);
  const pool = new ConstantPool();
  const map = routine(["place", "end"] as const, ({ place, end }) => {
    repeat(() => {
      const x = vector(lanes.load(at(0, place)));
      store(at(0, place), write(lanes, pool, x));
      advance(place, lanes.vectorBytes);
      return lessThan(place, end);
    });
  });
  const module = new WebAssembly.Module(assemble({ map }, pool.bytes()));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(module, { emix: { memory } });
  return (values) => {
    const bytes = 16 * Math.ceil(values.length / 2);
    memory.grow(Math.max(0, Math.ceil((start + bytes - memory.buffer.byteLength) / 65536)));
    const { map } = instance.exports;
    const numbers = new Float64Array(memory.buffer, start, values.length);
    numbers.set(values);
    (map as (place: number, end: number) => void)(start, start + bytes);
    return numbers;
  };
}
