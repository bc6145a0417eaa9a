import { fit, GaussianMixture, resolveFitOptions, type Tiles } from "@emix/core";
import { inThreadExecutor } from "./in-thread-executor.ts";

/** The mixture that is likeliest near a start, to all digits. */
export async function fittedTo(tiles: Tiles, start: GaussianMixture): Promise<GaussianMixture> {
  const { components } = start;
  const options = { components, initialization: start, tolerance: 1e-14, maxIterations: 5000 };
  const steps = fit(inThreadExecutor(tiles), resolveFitOptions(options));
  for (;;) {
    const step = await steps.next();
    if (step.done) return new GaussianMixture(step.value.mixture);
  }
}
