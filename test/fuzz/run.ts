// Random hostile input. `pnpm fuzz --count 100000 --seed 1`: fits, each of which must end in a sound model or in a typed
// error. `pnpm fuzz files …`: edited files, each of which must be read or refused by a typed error. `pnpm fuzz options …`:
// calls with options of any kind, each of which must give an answer or a typed error. `pnpm fuzz expressions …`: columns by
// SQL, each of which must give numbers or a typed error, and leave files and standard output alone. `pnpm fuzz faults …`:
// fits whose workers die or hang somewhere, each of which must give the bits of one without. `pnpm fuzz models …`: edited
// files of models, each of which must be read or refused by a typed error.

import { parseArgs } from "node:util";
import { fuzzReading } from "./batches.ts";
import { EXPRESSIONS } from "./expressions.ts";
import { fuzzFaults } from "./faults.ts";
import { FILES } from "./files.ts";
import { fuzzFits } from "./fits.ts";
import { fuzzModels } from "./models.ts";
import { fuzzOptions } from "./options.ts";

type Fuzz = (seed: string, first: number, end: number) => Promise<number>;

const FUZZERS: Readonly<Record<string, Fuzz>> = {
  fits: fuzzFits,
  files: (...range) => fuzzReading(FILES, ...range),
  models: fuzzModels,
  options: fuzzOptions,
  faults: fuzzFaults,
  expressions: (...range) => fuzzReading(EXPRESSIONS, ...range),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const [first, end] =
  values.only === undefined ? [0, Number(values.count)] : [Number(values.only), Number(values.only) + 1];
const [name = "fits"] = positionals;
if (!(name in FUZZERS)) throw new Error(`Expected one of ${Object.keys(FUZZERS).join(", ")}, got ${name}.`);
const failures = await FUZZERS[name](values.seed, first, end);
process.exitCode = failures > 0 ? 1 : 0;
