import { readFileSync } from "node:fs";
import { densityLayout, GaussianMixture, type Random, tileCount, tileSizeFor } from "@emix/core";
import { checksumOf } from "../../packages/cluster/src/worker/root.ts";

// Requests to a worker of a cluster as a fit makes them, and the same with changes that nobody who means well would make.

export interface KnownFile {
  /** below the root, and where it is */
  readonly path: string;
  readonly absolute: string;
  readonly rows: number;
  readonly features: number;
}

export interface AnyRequest {
  readonly kind: string;
  readonly first: number;
  readonly end: number;
  readonly request: Record<string, unknown>;
}

const NASTY: readonly unknown[] = [
  ...[null, true, -1, 0, 0.5, 1e9, 2 ** 47, 2 ** 53, -0, "", "x", "../../etc/passwd", "/etc/passwd", "\0", "*"],
  ...[
    [],
    {},
    [[]],
    { length: 1e9 },
    "constructor",
    "__proto__",
    new Float64Array(0),
    new Float64Array(3).fill(Number.NaN),
  ],
  ...[new Int32Array([1, -1]), Float64Array.of(1e300, -1e300, Infinity), "SELECT 1", "read_text('/etc/passwd')"],
];

/** One of each kind. */
export async function honestRequests({ path, absolute, rows, features }: KnownFile): Promise<AnyRequest[]> {
  const checksum = await checksumOf(absolute);
  const file = { path, bytes: readFileSync(absolute).length, checksum, rows, points: rows };
  const read = { columns: Array.from({ length: features }, (_, j) => `x${j}`), dtype: "f64" };
  const plan = {
    id: "plan",
    files: [file],
    read,
    count: rows,
    features,
    dtype: "f64",
    weighted: false,
    transforms: null,
  };
  const program = {
    ...{ kind: "reference", components: 1, covarianceType: "spherical", arithmetic: "f64", strict: false },
    fuses: true,
  };
  const tiles = tileCount({ count: rows, tileSize: tileSizeFor(features) });
  const parameters = new Float64Array(densityLayout(1, features, "spherical").length).fill(0.5);
  const sphere = {
    ...{ weights: [1], means: Array.from({ length: features }, () => 0), covariances: [1] },
    covarianceType: "spherical",
  } as const;
  const mixture = { ...GaussianMixture.fromParameters(sphere).toJSON() };
  return [
    { kind: "describe", first: 0, end: 1, request: { paths: [path], read } },
    { kind: "survey", first: 0, end: 1, request: { paths: [path], read } },
    {
      kind: "sums",
      first: 0,
      end: 1,
      request: {
        ...{ plan, tilesInBlock: tiles, blocks: 1, parameters: new Float64Array(features) },
        ...{ program: null, measured: false, labelled: false, listing: null },
      },
    },
    {
      kind: "slots",
      first: 0,
      end: 1,
      request: {
        ...{ plan, tilesInBlock: tiles, blocks: 1, parameters, program, measured: false, labelled: false },
        listing: {
          run: "run",
          inflations: Float64Array.of(1),
          unit: 0,
          scales: new Float64Array(features).fill(1),
          wider: null,
        },
      },
    },
    {
      kind: "evaluate",
      first: 0,
      end: tiles,
      request: { plan, parameters, program, quantities: ["labels", "logDensities"], top: 0 },
    },
    { kind: "gather", first: 0, end: 2, request: { plan, points: Float64Array.of(0, 3) } },
    { kind: "weights", first: 0, end: 1, request: { plan } },
    { kind: "predict", first: 0, end: 1, request: { plan, mixture, output: "labels/*.csv", top: 1, proba: false } },
  ];
}

/** Changes some of a request's fields, at any depth. */
export function spoiled(honest: AnyRequest, random: Random): AnyRequest {
  const copy = structuredClone(honest) as {
    kind: string;
    first: number;
    end: number;
    request: Record<string, unknown>;
  };
  const changes = 1 + Math.floor(random.uniform() * 3);
  for (let i = 0; i < changes; i++) spoilOne(copy as unknown as Record<string, unknown>, random);
  return copy;
}

function spoilOne(value: Record<string, unknown>, random: Random): void {
  const names = Object.keys(value);
  if (names.length === 0) return;
  const name = names[Math.floor(random.uniform() * names.length)];
  const inner = value[name];
  const isFields = typeof inner === "object" && inner !== null && !ArrayBuffer.isView(inner);
  const choice = random.uniform();
  if (isFields && random.uniform() < 0.8) spoilOne(inner as Record<string, unknown>, random);
  else if (choice < 0.1) delete value[name];
  else if (choice < 0.2) value.query = "SELECT 1";
  else value[name] = structuredClone(NASTY[Math.floor(random.uniform() * NASTY.length)]);
}
