import { heldLaws } from "./laws.ts";

// `node tell-laws.ts`: prints "holds", or the laws that do not hold here.

console.log(await heldLaws(String(process.env.EMIX_WORKER)));
