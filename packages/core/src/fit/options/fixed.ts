import { covarianceRow } from "../../covariance/types.ts";
import { invalidOption } from "../../errors.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import type { Fixed } from "../../step/fixed.ts";
import { onlyKnown, requireInteger } from "./checks.ts";
import type { FitOptions, FixedOption } from "./options.ts";

const PARTS = ["weights", "means", "covariances"] as const;

/**
 * What stays as it is in the mixture to start from; null: nothing.
 * @throws UNKNOWN_OPTION, INVALID_OPTION
 */
export function resolveFixed(given: FitOptions, start: Mixture | undefined, components: number): Fixed | null {
  if (given.fixed === undefined) return null;
  if (start === undefined || start.components !== components) {
    throw invalidOption("fixed", "left out, or given with a mixture of as many components to start from", given.fixed);
  }
  if (given.inference === "variational") {
    throw invalidOption("fixed", 'left out when `inference` is "variational"', given.fixed);
  }
  if (given.emptyComponent === "drop") {
    throw invalidOption("emptyComponent", '"reseed", "keep" or "error" with `fixed`', given.emptyComponent);
  }
  const parts: FixedOption = onlyKnown(given.fixed, PARTS, "fixed");
  const [weights, means, covariances] = PARTS.map((part) => flagsOf(`fixed.${part}`, parts[part] ?? false, components));
  if (covarianceRow(start.covarianceType).shared && new Set(covariances).size > 1) {
    throw invalidOption(
      "fixed.covariances",
      "true or false for components that share one covariance",
      parts.covariances,
    );
  }
  return { weights, means, covariances };
}

function flagsOf(name: string, value: unknown, components: number): Uint8Array {
  if (typeof value === "boolean") return new Uint8Array(components).fill(Number(value));
  if (!Array.isArray(value)) throw invalidOption(name, "true, false or an array of components, counted from 0", value);
  for (const component of value) requireInteger(name, component, 0, components - 1);
  return Uint8Array.from({ length: components }, (_, component) => Number(value.includes(component)));
}

/** What the command takes: means:0,3;weights. A text that says nothing else is returned as it is. */
export function fixedIn(text: string): unknown {
  const parts = text.split(";").map((part) => /^\s*(\w+)\s*(?::\s*(\d+(?:\s*,\s*\d+)*)\s*)?$/.exec(part));
  if (parts.some((part) => part === null)) return text;
  const entries = parts.map((part) => {
    const [, name, list] = part as RegExpExecArray;
    return [name, list === undefined ? true : list.split(",").map(Number)];
  });
  return Object.fromEntries(entries);
}
