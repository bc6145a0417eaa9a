import { createEngine, EmixError, type Engine, type EngineOptions } from "emix";

// Laws in small, for any host and any runner of tests.

const FEATURES = 3;
const COUNT = 60_000;
const data = Float64Array.from(
  { length: COUNT * FEATURES },
  (_, i) => ((i * 7919) % 1009) / 100 + (i % 6 < 3 ? 0 : 30),
);
const points = { data, features: FEATURES };
const options = { components: 4, seed: 2, maxIterations: 5, tolerance: 0 };

async function fitted<T>(engineOptions: EngineOptions, use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await createEngine({ threads: 2, ...engineOptions });
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

const asText = async (engine: Engine) => JSON.stringify((await engine.fit(points, options)).mixture);

/** out: "holds", or the laws that do not. in: workerUrl, of a worker that dies once */
export async function heldLaws(workerUrl: string): Promise<string> {
  const failed = new Set<string>();
  const law = (name: string, holds: boolean) => {
    if (!holds) failed.add(name);
  };
  const text = await fitted({}, async (engine) => {
    const { mixture, history } = await engine.fit(points, options);
    law(
      "the likelihood never falls",
      history.every((bound, i) => i === 0 || bound >= history[i - 1] - 1e-12),
    );
    const probabilities = await engine.predictProba(points, { mixture });
    const labels = await engine.predict(points, { mixture });
    for (let row = 0; row < COUNT; row += 997) {
      const own = [...probabilities.subarray(row * mixture.components, (row + 1) * mixture.components)];
      law("probabilities add up to 1", Math.abs(own.reduce((sum, p) => sum + p, 0) - 1) < 1e-12);
      law("the label is the most probable component", own[labels[row]] === Math.max(...own));
    }
    law(
      "the mixture says what the engine says",
      mixture.predictProba(points).every((p, i) => Object.is(p, probabilities[i])),
    );
    return JSON.stringify(mixture);
  });
  law("one thread gives the same bits", (await fitted({ threads: 1 }, asText)) === text);
  law("the calling thread gives the same bits", (await fitted({ offThread: false }, asText)) === text);
  law("a worker that dies changes no bit", (await fitted({ workerUrl }, asText)) === text);
  const refused = await fitted({}, (engine) => engine.fit(points, { ...options, components: 0 })).catch(
    (error) => error,
  );
  law("a refusal is an error of emix", refused instanceof EmixError && refused.code === "INVALID_OPTION");
  return failed.size === 0 ? "holds" : [...failed].join("; ");
}
