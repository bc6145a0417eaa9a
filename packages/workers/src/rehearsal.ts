/** What an engine can do with points in an array. */
interface Fitting {
  fit(
    points: { readonly data: Float64Array; readonly features: number },
    options: { components: number },
  ): PromiseLike<unknown>;
}

const [GROUPS, POINTS, FEATURES] = [3, 40, 4];

/** Code of this thread that has run once is known from then on. */
let rehearsedHere = false;

/**
 * Fits a few points, so that the first fit that is asked of an engine does not meet code that has never run, which takes
 * 80 ms more. What fails here will fail again, and be told, in a fit that is asked for.
 * in: here, whether the engine works in this thread
 */
export async function rehearse(engine: Fitting, here: boolean): Promise<void> {
  if (here && rehearsedHere) return;
  if (here) rehearsedHere = true;
  try {
    await engine.fit({ data: fewPoints(), features: FEATURES }, { components: GROUPS });
  } catch {
    // Nobody asked for this fit.
  }
}

/** Groups side by side. */
function fewPoints(): Float64Array {
  const perGroup = POINTS * FEATURES;
  return Float64Array.from(
    { length: GROUPS * perGroup },
    (_, i) => 4 * Math.floor(i / perGroup) + ((i * 7919) % 97) / 32,
  );
}
