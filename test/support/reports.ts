import type { ReportData, ReportFit } from "@emix/report";

interface Scale {
  readonly groups: number;
  readonly features: number;
  readonly rows: number;
}

/** Numbers from 0 to 1 from a seed. */
function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

/** Standard normal numbers from a seed. */
function normals(seed: number): () => number {
  const uniform = uniforms(seed);
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** A made-up report of unit groups along the diagonal, 6 apart; the first features separate most. */
export function madeReport(
  { groups, features, rows }: Scale,
  changes: Partial<ReportData & { readonly fit: ReportFit }> = {},
): ReportData & { readonly fit: ReportFit } {
  const normal = normals(groups * 1000 + features);
  const width = (j: number) => 1 + j;
  const means = Array.from({ length: groups * features }, (_, i) => 6 * Math.floor(i / features));
  const square = features * features;
  const covariances = Array.from({ length: groups * square }, (_, i) => {
    const at = i % square;
    return at % (features + 1) === 0 ? width(at / (features + 1)) ** 2 : 0;
  });
  const labels = Array.from({ length: rows }, (_, i) => i % groups);
  const values = labels.flatMap((c) => Array.from({ length: features }, (_, j) => 6 * c + width(j) * normal()));
  return {
    title: "A made-up mixture",
    reading: ["made.csv: every column was used."],
    rows,
    columns: Array.from({ length: features }, (_, j) => `feature ${j}`),
    mixture: { covarianceType: "full", weights: new Array<number>(groups).fill(1 / groups), means, covariances },
    fit: {
      lowerBound: -2.5,
      bic: 1234.5,
      aic: 1200,
      icl: null,
      converged: true,
      iterations: 3,
      restart: 0,
      seconds: 0.5,
      options: { components: groups, seed: 0 },
    },
    traces: [{ bounds: [-4, -3, -2.5] }],
    sample: {
      values,
      labels,
      maxResponsibilities: labels.map((_, i) => 1 - ((i * 37) % 50) / 100),
      logDensities: labels.map((_, i) => -((i * 31) % 17)),
    },
    outliers: labels.slice(0, 5).map((label, i) => ({
      row: i + 1,
      values: values.slice(i * features, (i + 1) * features),
      label,
      logDensity: -20 + i,
    })),
    warnings: [],
    provenance: { emix: "0.1.0" },
    ...changes,
  };
}
