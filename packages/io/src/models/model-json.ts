import { type EmixError, GaussianMixture, type MixtureJson } from "@emix/core";
import { ABOUT_FIELDS, aboutFromJson } from "./about.ts";
import { notJson, unknownField } from "./errors.ts";
import type { About, Model } from "./model.ts";

/** A model file, version 2: docs/model.schema.json. */
export interface ModelJson extends MixtureJson, About {}

export function modelToJson(model: Model): ModelJson {
  return { ...new GaussianMixture(model.mixture).toJSON(), ...aboutOf(model) };
}

/** What a model says beside its mixture, always in one order. */
export function aboutOf({ columns, transforms, outliers, fit }: Model): About {
  return {
    ...(columns && { columns }),
    ...(transforms && { transforms }),
    ...(outliers && { outliers }),
    ...(fit && { fit }),
  };
}

const MIXTURE_FIELDS =
  "format version covarianceType components features weights means meansResidual covariances factors posterior".split(
    " ",
  );

/** Reads versions 1 and 2, and what `JSON.stringify(mixture)` writes. @throws BAD_MODEL_FILE */
export function modelFromJson(json: unknown): Model {
  const { transforms, ...rest } = (json ?? {}) as Record<string, unknown>;
  const { parameters } = GaussianMixture.fromJSON(typeof json === "object" && json !== null ? rest : json);
  const old = rest.version === 1;
  const known = old ? [...MIXTURE_FIELDS, ...ABOUT_FIELDS, "mixture"] : [...MIXTURE_FIELDS, ...ABOUT_FIELDS];
  const unknown = Object.keys(rest).find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownField(unknown, known);
  return { mixture: parameters, ...aboutFromJson({ ...rest, transforms }, parameters.features) };
}

/** JSON.stringify that keeps the sign of −0, as JSON.parse does. */
export function exactJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, one: unknown) => (Object.is(one, -0) ? RAW_MINUS_ZERO : one), indent);
}

const RAW_MINUS_ZERO = (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON("-0");

export function writeJson(model: Model): Uint8Array {
  return new TextEncoder().encode(`${exactJson(modelToJson(model), 1)}\n`);
}

/** @throws BAD_MODEL_FILE */
export function readJson(bytes: Uint8Array): Model {
  return modelFromJson(parseJson(new TextDecoder().decode(bytes), notJson));
}

/** in: what to throw where the text is no JSON */
export function parseJson(text: string, failure: (cause: unknown) => EmixError): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw failure(error);
  }
}
