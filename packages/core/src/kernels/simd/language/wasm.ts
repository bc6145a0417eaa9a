import {
  br_if,
  call,
  f32x4,
  f64x2,
  func,
  i8x16,
  i32,
  i32x4,
  i64,
  i64x2,
  if_,
  importMemory,
  type Local,
  local,
  loop,
  Module,
  select,
  v128,
} from "wasmati";

// The small language that kernels are written in. An expression is built first and emits its instructions where it is
// used; statements are recorded in order. This is the only file that knows wasmati.
//
// A vector has one half of 128 bits, or two side by side, for the 256 bits that V8 makes of two such operations when they
// stand next to each other (docs/kernels.md). Every operation is written once and emitted for each half; the halves never
// meet, and nothing is stored between them.

type Kind = "v128" | "i32" | "i64";
type Halves = 1 | 2;
type Half = 0 | 1;

export interface Expression<K extends Kind> {
  readonly kind: K;
  /** 1: an integer, a vector of 128 bits, or one that is the same in both halves */
  readonly halves: Halves;
  readonly emit: (half: Half) => void;
}

/** 128 bits, two f64 or four f32; or 256 */
export type Vector = Expression<"v128">;
/** an address, a count, a truth value */
export type Integer = Expression<"i32">;
/** 64 bits that are compared as a signed number */
export type Long = Expression<"i64">;

export interface Variable<K extends Kind> extends Expression<K> {
  readonly index: number;
}

type Statement = () => void;

interface Recording {
  readonly kinds: Kind[];
  statements: Statement[];
  /** wasmati's handles of the variables, known once the recording is emitted */
  locals: readonly Local[];
  readonly callees: Set<Routine>;
}

let recording: Recording = emptyRecording();

function emptyRecording(): Recording {
  return { kinds: [], statements: [], locals: [], callees: new Set() };
}

function variable<K extends Kind>(kind: K, halves: Halves = 1): Variable<K> {
  const { kinds } = recording;
  const owner = recording;
  const index = kinds.length;
  for (let half = 0; half < halves; half++) kinds.push(kind);
  return { kind, halves, index, emit: (half) => void local.get(owner.locals[place(halves, index, half)] as Local) };
}

/** Where a half of a variable stands among the locals. */
function place(halves: Halves, index: number, half: Half): number {
  return halves === 2 ? index + half : index;
}

/** A new vector variable of the routine being written, set to the value and as wide. */
export function vector(value: Vector): Variable<"v128"> {
  const fresh = variable("v128", value.halves);
  set(fresh, value);
  return fresh;
}

/** A new integer variable of the routine being written; with a value, set to it. */
export function integer(value?: Integer | number): Variable<"i32"> {
  const fresh = variable("i32");
  if (value !== undefined) set(fresh, typeof value === "number" ? constant(value) : value);
  return fresh;
}

/** A new variable of 64 bits of the routine being written, set to the value. */
export function long(value: Long): Variable<"i64"> {
  const fresh = variable("i64");
  set(fresh, value);
  return fresh;
}

function record(statement: Statement): void {
  recording.statements.push(statement);
}

function expression<K extends Kind>(kind: K, instruction: () => void, ...inputs: Expression<Kind>[]): Expression<K> {
  const halves = inputs.some((input) => input.halves === 2) ? 2 : 1;
  const taken = halves === 2 ? inputs.map(sharedByHalves) : inputs;
  const emit = (half: Half) => {
    for (const input of taken) input.emit(half);
    instruction();
  };
  return { kind, halves, emit };
}

/** What is the same in both halves is computed with the first one and kept for the second. */
function sharedByHalves<K extends Kind>(input: Expression<K>): Expression<K> {
  if (input.kind !== "v128" || input.halves === 2 || "index" in input) return input;
  const owner = recording;
  const { index } = variable("v128");
  const emit = (half: Half) => {
    if (half === 1) local.get(owner.locals[index] as Local);
    else {
      input.emit(0);
      local.tee(owner.locals[index] as Local);
    }
  };
  return { ...input, emit };
}

export function set<K extends Kind>(target: Variable<K>, value: Expression<K>): void {
  const owner = recording;
  const { halves, index } = target;
  if (value.halves > halves) throw new Error("a wide value for a narrow variable");
  const taken = halves === 2 ? sharedByHalves(value) : value;
  record(() => {
    for (const half of HALVES[halves]) taken.emit(half);
    for (const half of HALVES[halves].toReversed()) local.set(owner.locals[place(halves, index, half)] as Local);
  });
}

const HALVES: Readonly<Record<Halves, readonly Half[]>> = { 1: [0], 2: [0, 1] };

// Integers

export function constant(value: number): Integer {
  return expression("i32", () => void i32.const(value));
}

function integerOf(value: Integer | number): Integer {
  return typeof value === "number" ? constant(value) : value;
}

export function plus(a: Integer, b: Integer | number): Integer {
  return b === 0 ? a : expression("i32", () => void i32.add(), a, integerOf(b));
}

export function minus(a: Integer, b: Integer | number): Integer {
  return expression("i32", () => void i32.sub(), a, integerOf(b));
}

export function lessThan(a: Integer, b: Integer | number): Integer {
  return expression("i32", () => void i32.lt_u(), a, integerOf(b));
}

export function times(a: Integer, b: number): Integer {
  return expression("i32", () => void i32.mul(), a, constant(b));
}

/** 1 if a is less as a signed number, else 0 */
export function lessThanSigned(a: Long, b: Long): Integer {
  return expression<"i32">("i32", () => void i64.lt_s(), a, b);
}

/** The less of two. */
export function lesser(a: Variable<"i64">, b: Variable<"i64">): Long {
  return expression<"i64">("i64", () => void select(), b, a, lessThanSigned(b, a));
}

/** The greater of two. */
export function greater(a: Variable<"i64">, b: Variable<"i64">): Long {
  return expression<"i64">("i64", () => void select(), a, b, lessThanSigned(b, a));
}

/** No number is greater. */
export const GREATEST_LONG: Long = expression("i64", () => void i64.const(0x7f_ff_ff_ff_ff_ff_ff_ffn));

export function shiftedLeft(a: Integer, bits: number): Integer {
  return expression("i32", () => void i32.shl(), a, constant(bits));
}

export function shiftedRight(a: Integer, bits: number): Integer {
  return expression("i32", () => void i32.shr_u(), a, constant(bits));
}

/** in: unit, a power of two */
export function roundedUp(a: Integer, unit: number): Integer {
  return expression("i32", () => void i32.and(), plus(a, unit - 1), constant(-unit));
}

export function smaller(a: Variable<"i32">, b: Variable<"i32">): Integer {
  return chosenInteger(lessThan(a, b), a, b);
}

export function greaterInteger(a: Variable<"i32">, b: Variable<"i32">): Integer {
  return chosenInteger(lessThan(a, b), b, a);
}

/** in: condition, 1 or 0 */
export function chosenInteger(condition: Integer, a: Integer, b: Integer): Integer {
  return expression("i32", () => void select(), a, b, condition);
}

export function advance(pointer: Variable<"i32">, bytes: Integer | number): void {
  set(pointer, plus(pointer, bytes));
}

// Memory: an address is a pointer and a constant offset in bytes

export interface Address<Pointer extends Integer = Integer> {
  readonly pointer: Pointer;
  readonly offset: number;
}

const ORIGIN = constant(0);

/** in: pointer (absent: the start of memory), offset in bytes */
export function at(offset: number): Address;
export function at<Pointer extends Integer>(offset: number, pointer: Pointer): Address<Pointer>;
export function at(offset: number, pointer: Integer = ORIGIN): Address {
  return { pointer, offset };
}

/** Bytes of half a vector of 256 bits. */
const HALF_BYTES = 16;

export function shifted({ pointer, offset }: Address, bytes: number): Address {
  return { pointer, offset: offset + bytes };
}

/** The address as a number to walk with. */
export function address({ pointer, offset }: Address): Integer {
  return plus(pointer, offset);
}

function loadWith(
  instruction: (argument: { offset: number }) => unknown,
  { pointer, offset }: Address,
  halves: Halves = 1,
): Vector {
  const emit = (half: Half) => {
    pointer.emit(0);
    instruction({ offset: offset + half * HALF_BYTES });
  };
  return { kind: "v128", halves, emit };
}

export const loadInteger = ({ pointer, offset }: Address): Integer =>
  expression("i32", () => void i32.load({ offset }), pointer);

export const loadLong = ({ pointer, offset }: Address): Long =>
  expression<"i64">("i64", () => void i64.load({ offset }), pointer);

/** Two halves are both there before the first is stored: a load after a store could not move up to its other half. */
export function store({ pointer, offset }: Address, value: Vector): void {
  const stored = value.halves === 2 && !("index" in value) ? vector(value) : value;
  record(() => {
    for (const half of HALVES[stored.halves]) {
      pointer.emit(0);
      stored.emit(half);
      v128.store({ offset: offset + half * HALF_BYTES, align: 8 });
    }
  });
}

export function storeInteger({ pointer, offset }: Address, value: Integer): void {
  record(() => {
    pointer.emit(0);
    value.emit(0);
    i32.store({ offset });
  });
}

export function storeLong({ pointer, offset }: Address, value: Long): void {
  record(() => {
    pointer.emit(0);
    value.emit(0);
    i64.store({ offset });
  });
}

/** Stores one of the four quarters of 128 bits. */
export function storeQuarter({ pointer, offset }: Address, value: Vector, quarter: number): void {
  record(() => {
    pointer.emit(0);
    value.emit(0);
    v128.store32_lane({ offset }, quarter);
  });
}

// Control

/** Runs the statements, and again while the condition they return holds. */
export function repeat(statements: () => Integer): void {
  const outer = recording.statements;
  const inner: Statement[] = [];
  recording.statements = inner;
  const condition = statements();
  recording.statements = outer;
  record(
    () =>
      void loop({}, (again) => {
        for (const statement of inner) statement();
        condition.emit(0);
        br_if(again);
      }),
  );
}

export function when(condition: Integer, statements: () => void): void {
  const outer = recording.statements;
  const inner: Statement[] = [];
  recording.statements = inner;
  statements();
  recording.statements = outer;
  record(() => {
    condition.emit(0);
    if_({}, () => {
      for (const statement of inner) statement();
    });
  });
}

// Routines and modules

type WasmFunction = ReturnType<typeof func>;

export interface Routine {
  readonly parameters: readonly string[];
  readonly body: WasmFunction;
  /** the routines that it calls */
  readonly callees: ReadonlySet<Routine>;
}

type Parameters<Names extends string> = Readonly<Record<Names, Variable<"i32">>>;

/** A function without result, its parameters integers given by name. */
export function routine<Names extends string>(
  parameters: readonly Names[],
  write: (parameters: Parameters<Names>) => void,
): Routine {
  const outer = recording;
  recording = emptyRecording();
  const own = recording;
  const named = Object.fromEntries(parameters.map((name) => [name, variable("i32")])) as Parameters<Names>;
  write(named);
  recording = outer;
  return { parameters, body: emitted(own, parameters.length), callees: own.callees };
}

function emitted(own: Recording, parameterCount: number): WasmFunction {
  const types = { v128, i32, i64 };
  const typeOf = (kind: Kind) => types[kind];
  const signature = {
    in: own.kinds.slice(0, parameterCount).map(typeOf),
    locals: own.kinds.slice(parameterCount).map(typeOf),
    out: [],
  };
  return func(signature as { in: []; locals: []; out: [] }, (parameters: Local[], locals: Local[]) => {
    own.locals = [...parameters, ...locals];
    for (const statement of own.statements) statement();
  });
}

export function run<Names extends string>(callee: Routine, given: Record<Names, Integer>): void {
  recording.callees.add(callee);
  record(() => {
    for (const name of callee.parameters) given[name as Names].emit(0);
    call(callee.body);
  });
}

/**
 * The bytes of a module that exports the routines and imports its memory as `emix.memory`; `start` is laid at its start.
 * Routines that they call are exported as well, by numbers, so that a host can have each one compiled.
 */
export function assemble(routines: Readonly<Record<string, Routine>>, start: Uint8Array): Uint8Array<ArrayBuffer> {
  const callees = calleesOf(Object.values(routines)).entries();
  const exports = Object.fromEntries([...Object.entries(routines), ...callees].map(([name, { body }]) => [name, body]));
  const memory = Object.assign(importMemory({ min: 1 }, undefined, start), { module: "emix", string: "memory" });
  return Module({ exports, memory }).toBytes() as Uint8Array<ArrayBuffer>;
}

function calleesOf(routines: Iterable<Routine>): Routine[] {
  const callees = new Set<Routine>();
  const add = (routine: Routine) => {
    if (callees.has(routine)) return;
    callees.add(routine);
    for (const callee of routine.callees) add(callee);
  };
  for (const { callees: first } of routines) for (const callee of first) add(callee);
  return [...callees];
}

// Vector arithmetic, by the width of a number

/** The operations on the numbers of a vector. */
export interface Lanes {
  /** bytes of a number */
  readonly bytes: 8 | 4;
  /** numbers in a vector */
  readonly count: 2 | 4 | 8;
  /** bytes of a vector */
  readonly vectorBytes: VectorBytes;
  load(address: Address): Vector;
  add(a: Vector, b: Vector): Vector;
  sub(a: Vector, b: Vector): Vector;
  mul(a: Vector, b: Vector): Vector;
  div(a: Vector, b: Vector): Vector;
  sqrt(a: Vector): Vector;
  /** a·b + c, fused where the processor fuses (strict: never) */
  madd(a: Vector, b: Vector, c: Vector): Vector;
  /** a where a < b, else b: a NaN in a gives b */
  least(a: Vector, b: Vector): Vector;
  greatest(a: Vector, b: Vector): Vector;
  /** all ones where a ≥ b, else 0 */
  atLeast(a: Vector, b: Vector): Vector;
  /** one number of memory in every lane: the same in both halves */
  splat(address: Address): Vector;
  /** a value that may be the same in both halves, as one whose halves will part */
  parted(value: Vector): Vector;
  zero(): Vector;
}

export type VectorBytes = 16 | 32;

function vectorOperation(instruction: () => unknown) {
  return (...inputs: Vector[]): Vector => expression("v128", () => void instruction(), ...inputs);
}

type Instructions = Record<
  "add" | "sub" | "mul" | "div" | "sqrt" | "pmin" | "pmax" | "ge" | "relaxed_madd",
  (...none: []) => unknown
>;

function lanesOf(instructions: Instructions, bytes: 8 | 4, relaxed: boolean, vectorBytes: VectorBytes): Lanes {
  const halves = vectorBytes === 32 ? 2 : 1;
  const [add, mul, fused] = [instructions.add, instructions.mul, instructions.relaxed_madd].map(vectorOperation) as [
    Lanes["add"],
    Lanes["mul"],
    Lanes["madd"],
  ];
  const pmin = vectorOperation(instructions.pmin);
  const pmax = vectorOperation(instructions.pmax);
  const splat = bytes === 8 ? v128.load64_splat : v128.load32_splat;
  return {
    bytes,
    count: (vectorBytes / bytes) as 2 | 4 | 8,
    vectorBytes,
    load: (address) => loadWith(v128.load, address, halves),
    add,
    sub: vectorOperation(instructions.sub),
    mul,
    div: vectorOperation(instructions.div),
    sqrt: vectorOperation(instructions.sqrt),
    madd: relaxed ? fused : (a, b, c) => add(mul(a, b), c),
    least: (a, b) => pmin(b, a),
    greatest: (a, b) => pmax(b, a),
    atLeast: vectorOperation(instructions.ge),
    splat: (address) => loadWith(splat, address),
    parted: (value) => ({ ...(halves === 2 ? sharedByHalves(value) : value), halves }),
    zero: () => ({ kind: "v128", halves, emit: () => void v128.const("i32x4", [0, 0, 0, 0]) }),
  };
}

export const f64Lanes = (relaxed: boolean, vectorBytes: VectorBytes = 16): Lanes =>
  lanesOf(f64x2, 8, relaxed, vectorBytes);
export const f32Lanes = (relaxed: boolean, vectorBytes: VectorBytes = 16): Lanes =>
  lanesOf(f32x4, 4, relaxed, vectorBytes);

type TwoVectors = (a: Vector, b: Vector) => Vector;

/** f32 numbers as f64, in two vectors; and back. */
export function promoted(a: Variable<"v128">): [Vector, Vector] {
  return [promotedLow(a), promotedLow(highHalf(a))];
}

/** The same of a vector of 256 bits in memory. */
export function promotedAt(address: Address): [Vector, Vector] {
  const quarter = (bytes: number) => promotedQuarter(address, bytes);
  return [paired(quarter(0), quarter(8)), paired(quarter(16), quarter(24))];
}

/** f32 numbers in memory as f64, in two vectors, each with two numbers of each half: what may be added within a half. */
export function promotedHalvesAt(address: Address, vectorBytes: VectorBytes): [Vector, Vector] {
  const quarter = (bytes: number) => promotedQuarter(address, bytes);
  if (vectorBytes === 16) return [quarter(0), quarter(8)];
  return [paired(quarter(0), quarter(16)), paired(quarter(8), quarter(24))];
}

function promotedQuarter({ pointer, offset }: Address, bytes: number): Vector {
  return promotedLow(loadWith(v128.load64_zero, at(offset + bytes, pointer)));
}

export function demoted(low: Vector, high: Vector): Vector {
  if (low.halves === 1) return lowHalves(demotedHalf(low), demotedHalf(high));
  const [first, second] = [low, high].map((a) => lowHalves(demotedHalf(halfOf(a, 0)), demotedHalf(halfOf(a, 1))));
  return paired(first, second);
}

function halfOf(a: Vector, half: Half): Vector {
  return { kind: "v128", halves: 1, emit: () => a.emit(half) };
}

/** in: two vectors of 128 bits */
function paired(first: Vector, second: Vector): Vector {
  return { kind: "v128", halves: 2, emit: (half) => (half === 0 ? first : second).emit(0) };
}

const promotedLow = vectorOperation(f64x2.promote_low_f32x4) as (a: Vector) => Vector;

const demotedHalf = vectorOperation(f32x4.demote_f64x2_zero);
const lowHalves = (a: Vector, b: Vector) => shuffled([0, 16], a, b);
const highHalf = (a: Vector) => shuffled([8, 8], a, a);

/** Of two vectors of two f64: their first numbers, and their second ones. */
export const evenNumbers = (a: Vector, b: Vector): Vector => shuffled([0, 16], a, b);
export const oddNumbers = (a: Vector, b: Vector): Vector => shuffled([8, 24], a, b);

/** in: for each half, its first byte in a and b side by side (b from 16 on) */
function shuffled([low, high]: readonly [number, number], a: Vector, b: Vector): Vector {
  const bytes = [0, 1, 2, 3, 4, 5, 6, 7];
  const order = [...bytes.map((i) => low + i), ...bytes.map((i) => high + i)];
  return expression("v128", () => void i8x16.shuffle(order), a, b);
}

/** in: which quarters of a and b side by side (those of b from 4 on) */
export function quarters(order: readonly [number, number, number, number], a: Vector, b: Vector): Vector {
  const bytes = order.flatMap((quarter) => [0, 1, 2, 3].map((i) => 4 * quarter + i));
  return expression("v128", () => void i8x16.shuffle(bytes), a, b);
}

/** Four quarters from four places of memory. */
export function gathered([first, ...rest]: readonly Address[]): Vector {
  const emit = () => {
    for (const { pointer } of rest.toReversed()) pointer.emit(0);
    first.pointer.emit(0);
    v128.load32_zero({ offset: first.offset });
    for (const [i, { offset }] of rest.entries()) v128.load32_lane({ offset }, i + 1);
  };
  return { kind: "v128", halves: 1, emit };
}

/** 1 if the mask has ones in its first quarter, else 0 */
export function firstBit(mask: Vector): Integer {
  const emit = () => {
    mask.emit(0);
    i32x4.bitmask();
    i32.const(1);
    i32.and();
  };
  return { kind: "i32", halves: 1, emit };
}

/** The bits of four f32 as integers that rise as the numbers do. */
export function risingBits(a: Variable<"v128">): Vector {
  const signs = expression("v128", () => void i32x4.shr_s(), a, constant(31));
  const flips = expression("v128", () => void i32x4.shr_u(), signs, constant(1));
  return expression("v128", () => void v128.xor(), a, flips);
}

export const and: TwoVectors = vectorOperation(v128.and);
export const or: TwoVectors = vectorOperation(v128.or);
/** bits of a where the mask has ones, else of b */
export const chosen = (mask: Vector, a: Vector, b: Vector): Vector => vectorOperation(v128.bitselect)(a, b, mask);
export const integerAdd: TwoVectors = vectorOperation(i64x2.add);
export const integerSub: TwoVectors = vectorOperation(i64x2.sub);
export const shiftLeft = (a: Vector, bits: number): Vector =>
  expression("v128", () => void i64x2.shl(), a, constant(bits));
export const shiftRight = (a: Vector, bits: number): Vector =>
  expression("v128", () => void i64x2.shr_u(), a, constant(bits));
/** 1 if the mask has ones in a quarter, else 0. */
export function bitOf(mask: Variable<"v128">, quarter: number): Integer {
  const emit = () => {
    mask.emit(0);
    i32x4.bitmask();
    i32.const(quarter);
    i32.shr_u();
    i32.const(1);
    i32.and();
  };
  return { kind: "i32", halves: 1, emit };
}

export function anyTrue(a: Vector): Integer {
  const emit = () => {
    for (const half of HALVES[a.halves]) a.emit(half);
    if (a.halves === 2) v128.or();
    v128.any_true();
  };
  return { kind: "i32", halves: 1, emit };
}
