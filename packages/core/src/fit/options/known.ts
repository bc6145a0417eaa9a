import { invalidOption } from "../../errors.ts";
import type { FitOptions, KnownOfRows } from "./options.ts";

/** @throws INVALID_OPTION */
export function requireEntries(name: string, value: unknown): void {
  const isArray =
    typeof value === "object" && value !== null && typeof (value as { length?: unknown }).length === "number";
  if (!isArray) throw invalidOption(name, "an array with an entry for each row", value);
}

/** @throws INVALID_OPTION */
export function resolveKnown(given: FitOptions, components: number): KnownOfRows | null {
  const { knownComponents: known } = given;
  if (known === undefined) return null;
  refuseOthers(given, components);
  const sets = [Array.from({ length: components }, (_, component) => component)];
  const indices = new Map([[sets[0].join(), 0]]);
  const indexOf = (entry: unknown, row: number) => {
    const before = entry === -1 ? 0 : indices.get(String(entry));
    if (before !== undefined && typeof entry === "number") return before;
    const set = setFrom(entry, row, components);
    const key = set.join();
    const index = indices.get(key) ?? sets.push(set) - 1;
    indices.set(key, index);
    return index;
  };
  // Checked before there is memory for them, for an array that is none may claim any length.
  for (let row = 0; row < known.length; row++) indexOf(known[row], row);
  return { sets, setOf: Int32Array.from(known, indexOf) };
}

function setFrom(entry: unknown, row: number, components: number): number[] {
  const list: unknown[] = Array.isArray(entry) ? entry : [entry];
  const isComponent = (one: unknown) => Number.isInteger(one) && (one as number) >= 0 && (one as number) < components;
  if (list.length === 0 || !list.every(isComponent)) {
    const expected = `−1, a component from 0 to ${components - 1}, or an array of some`;
    throw invalidOption(`knownComponents[${row}]`, expected, entry);
  }
  return [...new Set(list as number[])].sort((a, b) => a - b);
}

/** What means nothing where components are known, or would forget it. @throws INVALID_OPTION */
function refuseOthers(given: FitOptions, components: number): void {
  const refuse = (name: keyof FitOptions, expected: string) => {
    throw invalidOption(name, `${expected} with \`knownComponents\``, given[name]);
  };
  const { inference, initialization, restarts = 1, schedule, emptyComponent = "keep", refine, compute } = given;
  if (inference === "variational") refuse("inference", '"em"');
  const start = typeof initialization === "object" && "parameters" in initialization ? initialization.parameters : null;
  if (initialization !== undefined && start === null) refuse("initialization", "left out, or a mixture,");
  if (start !== null && start.components !== components) {
    refuse("initialization", `a mixture of ${components} components, as many as asked for,`);
  }
  if (restarts !== 1) refuse("restarts", "1, as known components make the start,");
  if (schedule === "progressive") refuse("schedule", '"full"');
  if (emptyComponent !== "keep" && emptyComponent !== "error") refuse("emptyComponent", '"keep" or "error"');
  if (refine) refuse("refine", "false");
  if (compute === "f32") refuse("compute", '"f64"');
}
