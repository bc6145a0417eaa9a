// A service that says how unusual points are. All requests share one engine and one model.
//   node examples/anomaly-server.ts out/flights.json [--port 3000]
//   curl localhost:3000/score -H 'content-type: application/json' -d '{ "points": [[600, 500, 7]] }'

import { parseArgs } from "node:util";
import { createEngine, GaussianMixture, outlierThreshold, readModel, tailProbability } from "emix";
import Fastify from "fastify";

const { values, positionals } = parseArgs({
  options: { port: { type: "string", default: "3000" } },
  allowPositionals: true,
});
const model = await readModel(positionals[0] ?? "out/flights.json");
const { outliers, columns, transforms } = model;
if (outliers === undefined)
  throw new Error("Expected a model with the quantiles of its points, as `emix fit` writes it.");
if (transforms !== undefined) throw new Error("Expected a model of plain columns, without --standardize and --log.");
const mixture = new GaussianMixture(model.mixture);
const threshold = outlierThreshold(outliers, 0.01);
const engine = await createEngine();

// By default, Fastify would read "7" as 7 and null as 0, and leave out unknown fields.
const app = Fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false } } });

const point = { type: "array", items: { type: "number" }, minItems: mixture.features, maxItems: mixture.features };
const body = {
  type: "object",
  required: ["points"],
  additionalProperties: false,
  properties: { points: { type: "array", items: point, minItems: 1, maxItems: 10_000 } },
};

app.post<{ Body: { points: number[][] } }>("/score", { schema: { body } }, async ({ body: { points } }) => {
  const logDensities = await engine.logProb(points, { mixture });
  return {
    scores: Array.from(logDensities, (logDensity) => ({
      logDensity,
      /** the share of the fitted points that were less likely */
      tail: tailProbability(outliers, logDensity),
      outlier: logDensity < threshold,
    })),
  };
});

app.get("/model", async () => ({ columns, components: mixture.components, threshold }));

app.addHook("onClose", () => engine.close());
// Fastify answers the requests under way before it closes; then the threads of the engine end, and the process with them.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => app.close());

console.log(await app.listen({ port: Number(values.port), host: "127.0.0.1" }));
