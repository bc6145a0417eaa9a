import type { CovarianceType, KernelKind } from "@emix/core";
import { COVARIANCE_TYPES } from "../packages/core/src/covariance/types.ts";
import { covarianceTypes, kernelKinds, numbers, oneOf, readFlags, wholeNumber } from "./support/flags.ts";
import { openKernelRun, usefulFlops } from "./support/kernel-run.ts";
import { describeMachine } from "./support/machine.ts";
import { quickest } from "./support/measure.ts";
import { describeOutsideLoad, watchOutsideLoad } from "./support/outside-load.ts";
import { measurePackedPeak } from "./support/packed-peak.ts";
import { measurePeak } from "./support/peak.ts";
import { short, Table } from "./support/table.ts";
import { customWorkload, type Workload } from "./support/workloads.ts";

const FLAGS = ["kernel", "type", "features", "components", "dtype", "time"];
const FEATURES = [1, 2, 3, 4, 5, 7, 8, 13, 16, 30, 32, 64];
/** Below, a step is mostly soft-max, and what an estimate of it leaves says nothing. */
const LEAST_FOR_REST = 8;
const COLUMNS = {
  kernel: 9,
  type: 9,
  d: 3,
  points: 6,
  "ns/pc": 8,
  "GFLOP/s": 8,
  "of peak": 7,
  "soft-max": 8,
  "E+M": 5,
};

/** Speed of each kernel on one core, on overlapping data: every responsibility counts, nothing is left out. */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const milliseconds = wholeNumber(flags.time, 300);
  const components = wholeNumber(flags.components, 16);
  const dtype = oneOf(flags.dtype ?? "f64", ["f64", "f32"]);
  const outsideLoad = watchOutsideLoad();
  const peak = await measurePeak(milliseconds);
  const packed = await measurePackedPeak(milliseconds);
  const narrow = Math.max(peak.fused, peak.separate);
  console.log(describeMachine());
  console.log(
    `Peak of one core, 128 bits: ${short(peak.fused)} GFLOP/s f64 by relaxed_madd, ${short(peak.separate)} by mul + add, ` +
      `${short(peak.fusedF32)} f32 by relaxed_madd; 256 bits: ${packed === null ? "not to be had" : short(packed)}. ` +
      `Points ${dtype}, ${components} components.`,
  );
  const table = new Table(COLUMNS);
  for (const kernel of kernelKinds(flags.kernel, ["simd"])) {
    const most = kernel === "simd256" ? (packed ?? narrow) : narrow;
    for (const type of covarianceTypes(flags.type, COVARIANCE_TYPES)) {
      await measureType(
        { kernel, type, components, dtype, milliseconds, most, table },
        numbers(flags.features, FEATURES),
      );
    }
  }
  console.log(
    "pc: point·component. of peak: of the f64 peak of the kernel's bits. soft-max: its ns/pc, estimated as what d = 1 takes beyond",
  );
  console.log("its flops at peak; E+M: share of the peak that remains to the rest of the time.");
  console.log(describeOutsideLoad(outsideLoad()));
}

interface Measured {
  readonly kernel: KernelKind;
  readonly type: CovarianceType;
  readonly components: number;
  readonly dtype: "f64" | "f32";
  readonly milliseconds: number;
  /** GFLOP/s */
  readonly most: number;
  readonly table: Table;
}

async function measureType(context: Measured, features: readonly number[]): Promise<void> {
  const { kernel, type, most, table } = context;
  const softMax = await softMaxNanoseconds(context);
  for (const d of features) {
    const workload = sized(context, d);
    const { used, perPair } = await nanosecondsPerPair(context, workload);
    const gigaflops = usefulFlops(workload) / perPair;
    table.print({
      kernel: used === kernel ? kernel : `(${used})`,
      type,
      d: String(d),
      points: String(workload.count),
      "ns/pc": short(perPair),
      "GFLOP/s": short(gigaflops),
      "of peak": percent(gigaflops / most),
      "soft-max": short(softMax),
      "E+M": d < LEAST_FOR_REST ? "" : percent(usefulFlops(workload) / (perPair - softMax) / most),
    });
  }
}

async function softMaxNanoseconds(context: Measured): Promise<number> {
  const workload = sized(context, 1);
  const { perPair } = await nanosecondsPerPair(context, workload);
  return Math.max(0, perPair - usefulFlops(workload) / context.most);
}

async function nanosecondsPerPair({ kernel, milliseconds }: Measured, workload: Workload) {
  const { kernel: used, run } = openKernelRun(workload, kernel);
  const perPair = ((await quickest(run, milliseconds)) * 1e6) / (workload.count * workload.components);
  return { used, perPair };
}

/** As many points as make some milliseconds of work and still lie in a second-level cache: whole tiles of 64. */
function sized({ type, components, dtype }: Measured, features: number): Workload {
  const base = customWorkload({
    features,
    components,
    dtype,
    covarianceType: type,
    spread: 0.35,
    start: "random points",
  });
  const wanted = 4e7 / (usefulFlops(base) + 60) / components;
  const tiles = Math.min(Math.max(Math.round(wanted / 64), 8), 256, Math.floor(2 ** 20 / (64 * features * 8)));
  return { ...base, count: 64 * tiles };
}

const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
