import type { KernelShape } from "../kernel.ts";
import { ConstantPool } from "./constants.ts";
import type { Form, Measures, Setting } from "./form.ts";
import { fullForm } from "./full.ts";
import { softMax } from "./soft-max.ts";
import { BLOCK_ROWS } from "./triangle-blocks.ts";
import { advance, assemble, f64Lanes, lessThan, type Routine, repeat, routine, run } from "./wasm.ts";

export interface SimdOptions {
  /** multiply-add fused where the processor does: faster, and the same bits only on processors that agree */
  readonly relaxed: boolean;
  /** straight-line code for few features; the bits are those of the loops. Default: up to 16 features. */
  readonly unrolled?: boolean;
}

/** A compiled module; plain data that crosses to workers as it is. */
export interface SimdProgram {
  readonly key: string;
  readonly module: WebAssembly.Module;
}

const MOST_UNROLLED_FEATURES = 16;

export function simdProgram(shape: KernelShape, options: SimdOptions): SimdProgram {
  const { features, covarianceType, dtype, tileSize } = shape;
  const unrolled = options.unrolled ?? features <= MOST_UNROLLED_FEATURES;
  const form = [covarianceType, dtype, features, tileSize];
  const key = ["simd", ...form, options.relaxed ? "relaxed" : "strict", unrolled ? "unrolled" : "looped"].join("/");
  return { key, module: new WebAssembly.Module(simdBytes(shape, options)) };
}

/** The module as bytes, a pure function of the shape (the number of components apart) and the options. */
export function simdBytes(shape: KernelShape, options: SimdOptions): Uint8Array<ArrayBuffer> {
  const pool = new ConstantPool();
  const unrolled = (options.unrolled ?? shape.features <= MOST_UNROLLED_FEATURES) || shape.features < BLOCK_ROWS;
  const setting: Setting = { ...measures(shape), lanes: f64Lanes(options.relaxed), pool, unrolled };
  const form = formOf(shape);
  const routines = {
    densities: densities(form, form.density(setting)),
    softMax: softMax(setting.lanes, pool, form.component),
    moments: allMoments(form, form.moments(setting)),
  };
  return assemble(routines, pool.bytes());
}

export function measures({ features, tileSize }: KernelShape): Measures {
  return { features, tileSize, bytes: 8 };
}

export function formOf(shape: KernelShape): Form {
  return fullForm(measures(shape));
}

/** E of every component: row after row of log joint densities. */
function densities(form: Form, density: Routine): Routine {
  const names = ["components", "componentsEnd", "points", "pointsEnd", "joint", "jointStride"] as const;
  return routine(names, (p) => {
    repeat(() => {
      run(density, { component: p.components, points: p.points, pointsEnd: p.pointsEnd, joint: p.joint });
      advance(p.joint, p.jointStride);
      advance(p.components, form.component.bytes);
      return lessThan(p.components, p.componentsEnd);
    });
  });
}

/** M of every component. */
function allMoments(form: Form, moments: Routine): Routine {
  const names = [
    "components",
    "componentsEnd",
    "points",
    "pointsEnd",
    "joint",
    "jointStride",
    "scales",
    "list",
    "sums",
  ] as const;
  return routine(names, ({ components, componentsEnd, jointStride, ...p }) => {
    repeat(() => {
      run(moments, { ...p, component: components });
      advance(p.joint, jointStride);
      advance(p.sums, form.sums * 16);
      advance(components, form.component.bytes);
      return lessThan(components, componentsEnd);
    });
  });
}
