import { quickest } from "./measure.ts";

/**
 * The most that 128-bit WebAssembly vectors reach on one core here: a loop of nothing but independent chains of
 * multiply-add on registers, put together byte by byte so that no tool stands between it and the machine.
 */
export interface Peak {
  /** f64x2.relaxed_madd: fused where the CPU can */
  readonly fused: number;
  /** f64x2.mul, then f64x2.add */
  readonly separate: number;
  /** f32x4.relaxed_madd */
  readonly fusedF32: number;
}

/** GFLOP/s; a multiplication and an addition count as two. */
export async function measurePeak(milliseconds: number): Promise<Peak> {
  const gigaflops = async (loop: Loop) => {
    const run = compile(loop);
    const flops = ROUNDS * CHAINS * loop.lanes * 2;
    return flops / (await quickest(() => run(ROUNDS), milliseconds)) / 1e6;
  };
  return {
    fused: await gigaflops({ lanes: 2, step: [...get(ADDEND), ...simd(0x107)] }),
    separate: await gigaflops({ lanes: 2, step: [...simd(0xf2), ...get(ADDEND), ...simd(0xf0)] }),
    fusedF32: await gigaflops({ lanes: 4, step: [...get(ADDEND), ...simd(0x105)] }),
  };
}

interface Loop {
  readonly lanes: 2 | 4;
  /** code that finds accumulator and factor on the stack and leaves accumulator · factor + addend */
  readonly step: readonly number[];
}

/** Enough chains to cover the latency of multiply and add, few enough for 16 registers. */
const CHAINS = 12;
const ROUNDS = 200_000;

const ROUND = 0; // the parameter, counted down
const FACTOR = 1;
const ADDEND = 2;
const ACCUMULATORS = 3;

const V128 = 0x7b;
const I32 = 0x7f;

function compile({ lanes, step }: Loop): (rounds: number) => void {
  const chain = (local: number) => [...get(local), ...get(FACTOR), ...step, ...set(local)];
  const chains = Array.from({ length: CHAINS }, (_, i) => chain(ACCUMULATORS + i)).flat();
  const body = [
    ...[1, CHAINS + 2, V128], // locals
    ...[...constant(lanes, 0.5), ...set(FACTOR), ...constant(lanes, 1), ...set(ADDEND)],
    ...[0x03, 0x40, ...chains], // loop
    ...[...get(ROUND), 0x41, 1, 0x6b, 0x22, ROUND, 0x0d, 0], // round ← round − 1, again unless 0
    ...[0x0b, ...sumOfChains(lanes), 0x0b],
  ];
  const module = new WebAssembly.Module(moduleOf(body));
  return new WebAssembly.Instance(module).exports.run as (rounds: number) => void;
}

/** Every chain is used at the end, or the compiler would drop it. out: one number */
function sumOfChains(lanes: 2 | 4): number[] {
  const rest = Array.from({ length: CHAINS - 1 }, (_, i) => [
    ...get(ACCUMULATORS + 1 + i),
    ...simd(lanes === 2 ? 0xf0 : 0xe4), // add
  ]);
  return [...get(ACCUMULATORS), ...rest.flat(), ...simd(0x1b), 0]; // i32x4.extract_lane 0
}

function constant(lanes: 2 | 4, value: number): number[] {
  const vector = lanes === 2 ? new Float64Array(2).fill(value) : new Float32Array(4).fill(value);
  return [...simd(0x0c), ...new Uint8Array(vector.buffer)];
}

function moduleOf(body: readonly number[]): Uint8Array<ArrayBuffer> {
  const type = [1, 0x60, 1, I32, 1, I32]; // (i32) → i32
  const name = [...new TextEncoder().encode("run")];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, type),
    ...section(3, [1, 0]),
    ...section(7, [1, name.length, ...name, 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}

const section = (id: number, bytes: readonly number[]): number[] => [id, ...leb(bytes.length), ...bytes];

const get = (local: number): number[] => [0x20, local];

const set = (local: number): number[] => [0x21, local];

const simd = (opcode: number): number[] => [0xfd, ...leb(opcode)];

/** LEB128, unsigned */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}
