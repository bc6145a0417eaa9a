import type { AskRows } from "@emix/io";
import type { Engine } from "../../engine.ts";

/** Asks an engine about rows. */
export function askEngine(engine: Engine, signal: AbortSignal): AskRows {
  return (points, asked) => engine.evaluate(points, { ...asked, signal });
}
