import { constants, zstdCompressSync } from "node:zlib";
import { COVARIANCE_TYPES } from "../packages/core/src/covariance/types.ts";
import {
  ballProgram,
  distanceProgram,
  partingProgram,
  simdProgram,
} from "../packages/core/src/kernels/simd/host/program.ts";
import { tileSizeFor } from "../packages/core/src/points/tiles.ts";
import { FEATURES_TOGETHER, type ReadyKernel } from "../packages/workers/src/kernels/ready-kernels.ts";

/** Modules are written ahead for points with up to so many features. */
export const MOST_FEATURES = 32;

const OPTIONS = { relaxed: true };

/** The modules that engines use by default for points stored as f64, by the keys of their programs. */
export function kernelsFor(features: number): Map<string, Uint8Array> {
  const modules = new Map<string, Uint8Array>();
  const shape = { features, components: 1, dtype: "f64", tileSize: tileSizeFor(features) } as const;
  let written = new Uint8Array();
  const keep = (_key: string, write: () => Uint8Array<ArrayBuffer>) => {
    written = write();
    return {};
  };
  modules.set(distanceProgram(shape, OPTIONS, keep).key, written);
  modules.set(ballProgram(shape, OPTIONS, keep).key, written);
  modules.set(partingProgram(shape, keep).key, written);
  for (const covarianceType of COVARIANCE_TYPES) {
    for (const evaluates of [false, true])
      modules.set(simdProgram({ ...shape, covarianceType }, { ...OPTIONS, evaluates }, keep).key, written);
  }
  // More work than a little takes vectors of 256 bits. Of these, only the default type is ready: which takes 5 KB for each number of features.
  modules.set(simdProgram({ ...shape, covarianceType: "full" }, { ...OPTIONS, bits: 256 }, keep).key, written);
  return modules;
}

/** All of them, as ready-kernels.ts reads them. */
export function packedKernels(): string {
  const groups: string[] = [];
  for (let first = 1; first <= MOST_FEATURES; first += FEATURES_TOGETHER) groups.push(packed(first));
  return groups.join(" ");
}

/** The kernels for a group of numbers of features. */
function packed(first: number): string {
  const all = Array.from({ length: FEATURES_TOGETHER }, (_, i) => [...kernelsFor(first + i)]).flat();
  const list: readonly ReadyKernel[] = all.map(([key, { length }]) => ({ key, length }));
  const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(list)}\n`), ...all.map(([, module]) => module)]);
  const params = { [constants.ZSTD_c_compressionLevel]: 19, [constants.ZSTD_c_windowLog]: 22 };
  return zstdCompressSync(bytes, { params }).toString("base64");
}
