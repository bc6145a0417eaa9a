import { type Executor, type FitOptions, fit, resolveFitOptions } from "@emix/core";
import { tilePoints } from "../packages/core/src/points/tiling.ts";
import { inThreadExecutor } from "../test/support/in-thread-executor.ts";
import { draw } from "./data.ts";
import { covarianceTypes, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { short, Table } from "./support/table.ts";
import { customWorkload } from "./support/workloads.ts";

const FLAGS = ["count", "problems", "type"];

/** Problems by how many passes plain EM needs. */
const STRATA = [
  [0, 50],
  [50, 100],
  [100, 300],
  [300, Number.POSITIVE_INFINITY],
] as const;

/** Ends are compared, and reached, to this share of the bound. */
const REACHED = 1e-9;
const DIFFERENT = 1e-6;

/**
 * What acceleration gains: passes and seconds of plain EM and of L-BFGS from the same start to the same bound, which is
 * where plain EM ends; and which of them ends higher. On one core.
 */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const problems = wholeNumber(flags.problems, 120);
  const [covarianceType] = covarianceTypes(flags.type, ["full"]);
  console.log(describeMachine());
  const found: Comparison[] = [];
  for (let index = 0; index < problems; index++) {
    const { components } = shapeOf(index);
    const executor = executorFor(index, wholeNumber(flags.count, 4000));
    found.push(await compared(executor, { components, covarianceType }));
  }
  const columns = {
    "plain passes": 14,
    problems: 8,
    "÷ passes": 8,
    "÷ seconds": 9,
    "10 %": 6,
    missed: 6,
    lower: 5,
    higher: 6,
  };
  const table = new Table(columns);
  for (const [least, below] of STRATA) {
    const stratum = found.filter(({ passes }) => passes >= least && passes < below);
    table.print(rowOf(below === Number.POSITIVE_INFINITY ? `from ${least}` : `${least} to ${below}`, stratum));
  }
}

/** d, k and how far components lie apart: all combinations, one after the other. */
function shapeOf(index: number) {
  const [features, components, spread] = [
    [2, 4, 8],
    [3, 5, 8],
    [0.5, 1, 1.5, 2],
  ];
  return {
    features: features[index % 3],
    components: components[Math.floor(index / 3) % 3],
    spread: spread[Math.floor(index / 9) % 4],
  };
}

/** The count makes each problem another one. */
function executorFor(index: number, count: number): Executor {
  const { points } = draw(customWorkload({ ...shapeOf(index), count: count + index, covarianceType: "full" }));
  return inThreadExecutor(tilePoints(points), "simd");
}

/** A fit, with the bound and the time after each pass. */
interface Climb {
  readonly bounds: readonly number[];
  readonly seconds: readonly number[];
  readonly end: number;
}

interface Comparison {
  /** that plain EM needs */
  readonly passes: number;
  /** plain ÷ accelerated; undefined where the other never gets there */
  readonly fewer: number | undefined;
  readonly faster: number | undefined;
  /** end − plain's end, relative */
  readonly higher: number;
}

async function compared(
  executor: Executor,
  shape: Pick<FitOptions, "components" | "covarianceType">,
): Promise<Comparison> {
  const options = { ...shape, initialization: "k-means++", tolerance: 1e-12, maxIterations: 3000 } as const;
  const plain = await climb(executor, { ...options, acceleration: "none" });
  const longer = await climb(executor, { ...options, acceleration: "lbfgs" });
  const target = plain.end - REACHED * Math.abs(plain.end);
  const [own, other] = [plain, longer].map(({ bounds }) => bounds.findIndex((bound) => bound >= target));
  const passes = own < 0 ? plain.bounds.length : own + 1;
  const higher = (longer.end - plain.end) / Math.abs(plain.end);
  if (other < 0) return { passes, fewer: undefined, faster: undefined, higher };
  const faster = plain.seconds[passes - 1] / longer.seconds[other];
  return { passes, fewer: passes / (other + 1), faster, higher };
}

async function climb(executor: Executor, options: FitOptions): Promise<Climb> {
  const steps = fit(executor, resolveFitOptions(options));
  const bounds: number[] = [];
  const seconds: number[] = [];
  let begun = performance.now();
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return { bounds, seconds, end: value.lowerBound };
    if (bounds.length === 0) begun = performance.now();
    bounds.push(value.lowerBound);
    seconds.push((performance.now() - begun) / 1000);
  }
}

function rowOf(name: string, stratum: readonly Comparison[]) {
  const known = (of: (one: Comparison) => number | undefined) =>
    stratum.flatMap((one) => of(one) ?? []).sort((a, b) => a - b);
  const quantile = (values: readonly number[], share: number) => short(values[Math.floor(share * (values.length - 1))]);
  const fewer = known((one) => one.fewer);
  return {
    "plain passes": name,
    problems: String(stratum.length),
    "÷ passes": quantile(fewer, 0.5),
    "÷ seconds": quantile(
      known((one) => one.faster),
      0.5,
    ),
    "10 %": quantile(fewer, 0.1),
    missed: String(stratum.length - fewer.length),
    lower: String(stratum.filter(({ higher }) => higher < -DIFFERENT).length),
    higher: String(stratum.filter(({ higher }) => higher > DIFFERENT).length),
  };
}
