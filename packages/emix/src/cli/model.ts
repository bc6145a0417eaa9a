import { GaussianMixture } from "@emix/core";
import { type About, readModel as readModelFile } from "@emix/io";

/** A model as a command uses it; `columns` are undefined where its file does not name them. */
export interface OpenModel extends About {
  readonly path: string;
  /** the mixture of the transformed columns */
  readonly mixture: GaussianMixture;
}

/** @throws FILE_NOT_FOUND, BAD_FILE, BAD_MODEL_FILE */
export async function readModel(path: string): Promise<OpenModel> {
  const { mixture, ...about } = await readModelFile(path);
  return { ...about, path, mixture: new GaussianMixture(mixture) };
}
