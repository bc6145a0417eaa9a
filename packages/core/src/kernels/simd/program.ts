import type { CovarianceType } from "../../covariance/covariance.ts";
import type { KernelShape } from "../kernel.ts";
import { ConstantPool } from "./constants.ts";
import type { Form, Measures, Setting } from "./form.ts";
import { diagForm } from "./diag.ts";
import { fullForm } from "./full.ts";
import { sphericalForm } from "./spherical.ts";
import { tiedForm } from "./tied.ts";
import { softMax } from "./soft-max.ts";
import { BLOCK_ROWS } from "./triangle-blocks.ts";
import { advance, assemble, f64Lanes, lessThan, type Routine, repeat, routine, run, VECTOR_BYTES } from "./wasm.ts";

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
  const { density, moments, whiten, whitenedDensity } = form.code(setting);
  const routines = {
    densities: allDensities(form, density),
    softMax: softMax(setting.lanes, pool, form.component),
    moments: allMoments(form, moments),
    ...(whiten && { whiten }),
    ...(whitenedDensity && { whitenedDensities: allDensities(form, whitenedDensity) }),
  };
  return assemble(routines, pool.bytes());
}

export function measures({ features, tileSize }: KernelShape): Measures {
  return { features, tileSize, bytes: 8 };
}

export function formOf(shape: KernelShape): Form {
  return FORMS[shape.covarianceType](measures(shape));
}

const FORMS: Readonly<Record<CovarianceType, (measures: Measures) => Form>> = {
  full: fullForm,
  tied: tiedForm,
  diag: diagForm,
  spherical: sphericalForm,
};


/** E of every component: row after row of log joint densities. */
function allDensities(form: Form, density: Routine): Routine {
  const names = ["components", "componentsEnd", "shared", "points", "pointsEnd", "joint", "jointStride"] as const;
  return routine(names, ({ components, componentsEnd, jointStride, ...p }) => {
    repeat(() => {
      run(density, { ...p, component: components });
      advance(p.joint, jointStride);
      advance(components, form.component.bytes);
      return lessThan(components, componentsEnd);
    });
  });
}

const MOMENTS_PARAMETERS = [
  "components",
  "componentsEnd",
  "points",
  "pointsEnd",
  "joint",
  "jointStride",
  "scales",
  "list",
  "sums",
  "sharedSums",
] as const;

/** M of every component. */
function allMoments(form: Form, moments: Routine): Routine {
  return routine(MOMENTS_PARAMETERS, ({ components, componentsEnd, jointStride, ...p }) => {
    repeat(() => {
      run(moments, { ...p, component: components });
      advance(p.joint, jointStride);
      advance(p.sums, form.sums * VECTOR_BYTES);
      advance(components, form.component.bytes);
      return lessThan(components, componentsEnd);
    });
  });
}
