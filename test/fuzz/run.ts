// Random hostile input. `pnpm fuzz --count 100000 --seed 1`: fits, each of which must end in a sound model or in a typed
// error. `pnpm fuzz files …`: edited files, each of which must be read or refused by a typed error.

import { parseArgs } from "node:util";
import { fuzzFiles } from "./files.ts";
import { fuzzFits } from "./fits.ts";

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
const failures = await (positionals[0] === "files" ? fuzzFiles : fuzzFits)(values.seed, first, end);
process.exitCode = failures > 0 ? 1 : 0;
