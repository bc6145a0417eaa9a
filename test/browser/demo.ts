import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ReportChoice, type ReportData, reportPage } from "@emix/report";
import { type CovarianceType, createEngine, type Engine, type FitResult } from "emix";

// Reports of real data. Run as a script, this writes out/report-iris.html and out/report-faithful.html.

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TYPES: readonly CovarianceType[] = ["full", "tied", "diag", "spherical"];
const GROUPS = [1, 2, 3, 4, 5, 6];

interface Source {
  readonly title: string;
  readonly file: string;
  readonly columns: readonly string[];
  readonly unit: string;
  readonly components: number;
}

const SOURCES = {
  iris: {
    title: "Iris: 150 flowers",
    file: "data/iris.csv",
    columns: ["sepal_length", "sepal_width", "petal_length", "petal_width"],
    unit: "cm",
    components: 3,
  },
  faithful: {
    title: "Old Faithful: eruptions and waits",
    file: "data/faithful.csv",
    columns: ["eruptions", "waiting"],
    unit: "min",
    components: 2,
  },
} satisfies Record<string, Source>;

/** Fits real data and gives its report. */
export async function demoReport(name: keyof typeof SOURCES): Promise<ReportData> {
  const source: Source = SOURCES[name];
  const points = readRows(source);
  const engine = await createEngine({ threads: 1 });
  try {
    return await reportOf(engine, source, points);
  } finally {
    await engine.close();
  }
}

function readRows({ file, columns }: Source): number[][] {
  const [head, ...lines] = readFileSync(ROOT + file, "utf8")
    .trim()
    .split("\n");
  const places = columns.map((column) => head.split(",").indexOf(column));
  return lines.map((line) => places.map((place) => Number(line.split(",")[place])));
}

async function reportOf(engine: Engine, source: Source, points: readonly number[][]): Promise<ReportData> {
  const traces: { bounds: number[] }[] = [];
  const options = { components: source.components, seed: 1, restarts: 6 } as const;
  const began = performance.now();
  const result = await engine.fit(points, {
    ...options,
    onStep: ({ restart, lowerBound }: { restart: number; lowerBound: number }) => {
      traces[restart] ??= { bounds: [] };
      traces[restart].bounds.push(lowerBound);
    },
  });
  const { mixture } = result;
  return {
    title: source.title,
    reading: [
      `${source.file}: ${points.length} rows, delimiter “,”, header seen.`,
      `Columns used: ${source.columns.join(", ")}.`,
      ...(source.file.includes("iris") ? ["Left out: species (text, e.g. “setosa”)."] : []),
    ],
    rows: points.length,
    columns: source.columns,
    units: source.columns.map(() => source.unit),
    mixture: {
      covarianceType: mixture.covarianceType,
      weights: [...mixture.weights],
      means: [...mixture.means],
      covariances: [...mixture.covariances],
    },
    fit: {
      lowerBound: result.lowerBound,
      bic: mixture.bic(points),
      aic: mixture.aic(points),
      icl: mixture.icl(points),
      converged: result.converged,
      iterations: result.iterations,
      restart: result.restart,
      seconds: (performance.now() - began) / 1000,
      options,
    },
    traces,
    selection: await choices(engine, points),
    ...sampleOf(result, points),
    warnings: result.warnings.map(({ code }) => `The fit warned of ${code}.`),
    provenance: {
      emix: "0.1.0",
      command: `emix fit ${source.file} -k ${source.components} --restarts 6 --seed 1 -o model.json`,
      "sha256 of the file": createHash("sha256")
        .update(readFileSync(ROOT + source.file))
        .digest("hex"),
    },
  };
}

function sampleOf({ mixture }: FitResult, points: readonly number[][]): Pick<ReportData, "sample" | "outliers"> {
  const labels = [...mixture.predict(points)];
  const probabilities = mixture.predictProba(points);
  const logDensities = [...mixture.logProb(points)];
  const order = [...logDensities.keys()].sort((a, b) => logDensities[a] - logDensities[b]);
  return {
    sample: {
      values: points.flat(),
      labels,
      maxResponsibilities: labels.map((label, i) => probabilities[i * mixture.components + label]),
      logDensities,
      rows: points.map((_, i) => i + 1),
    },
    outliers: order.slice(0, 8).map((i) => ({
      row: i + 1,
      values: points[i],
      label: labels[i],
      logDensity: logDensities[i],
    })),
  };
}

/** BIC and ICL of all numbers of groups and covariance types. */
async function choices(engine: Engine, points: readonly number[][]): Promise<ReportChoice[]> {
  const made: ReportChoice[] = [];
  for (const covarianceType of TYPES) {
    for (const components of GROUPS) {
      const fitted = await engine.fit(points, { components, covarianceType, seed: 1, restarts: 4 }).catch(() => null);
      const { bic, icl } =
        fitted === null
          ? { bic: null, icl: null }
          : { bic: fitted.mixture.bic(points), icl: fitted.mixture.icl(points) };
      made.push({ components, covarianceType, bic, icl });
    }
  }
  return made;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(`${ROOT}out`, { recursive: true });
  for (const name of Object.keys(SOURCES) as (keyof typeof SOURCES)[]) {
    const page = await reportPage(await demoReport(name));
    writeFileSync(`${ROOT}out/report-${name}.html`, page);
    console.log(`out/report-${name}.html: ${(page.length / 1000).toFixed(0)} kB`);
  }
}
