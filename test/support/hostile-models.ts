import { EmixError, GaussianMixture } from "@emix/core";
import { readModel, writeModel } from "@emix/io";
import fc from "fast-check";
import { readZip, writeZip } from "../../packages/io/src/models/npz/zip.ts";
import { fittedMixture, variationalMixture, wholeModel } from "./models.ts";
import { COVARIANCE_TYPES } from "./scenes.ts";

// Files of models with random edits: each must be read as a sound model or refused by a typed error.

const models = [
  ...COVARIANCE_TYPES.map((type) => wholeModel(fittedMixture({ type }))),
  wholeModel(variationalMixture({ type: "full" }, "process")),
];
const jsons = models.map((model) => writeModel(model, "json"));
const npzs = models.map((model) => writeModel(model, "npz"));

/** A change of bytes at a place, given as a share of the whole. */
type Edit = (bytes: Uint8Array) => Uint8Array;

/** Spread evenly, which fc.double is not. */
const place = fc.noBias(fc.nat(999_999)).map((millionths) => millionths / 1e6);
const spliced = (bytes: Uint8Array, at: number, cut: number, put: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);

/** Bytes that mean something in JSON, in headers of arrays and in archives. */
const meaningful = fc.constantFrom(
  ...["0", "9", "-", ".", "e", '"', "[", "]", "{", "}", ",", ":", "null", "1e999", "99999999999", "\0", "\xff", "PK"],
  ...[
    "f4",
    "U9",
    "U0",
    "i8",
    "|O",
    "True",
    "(99999999,)",
    "(0,)",
    "(3, 0, 99999999999)",
    "full",
    "tied-diag",
    "1e-320",
  ],
);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 4 })).map(
    ([share, put]): Edit =>
      (bytes) =>
        spliced(bytes, Math.floor(share * bytes.length), put.length, put),
  ),
  fc.tuple(place, meaningful, fc.nat(12)).map(
    ([share, put, cut]): Edit =>
      (bytes) =>
        spliced(bytes, Math.floor(share * bytes.length), cut, Buffer.from(put, "latin1")),
  ),
  fc.tuple(place, fc.nat(4)).map(
    ([share, bit]): Edit =>
      (bytes) => {
        const at = Math.floor(share * bytes.length);
        return spliced(bytes, at, 1, Buffer.of(bytes[at] ^ (1 << bit)));
      },
  ),
  fc.tuple(place, place).map(
    ([from, share]): Edit =>
      (bytes) =>
        spliced(
          bytes,
          Math.floor(share * bytes.length),
          0,
          bytes.subarray(Math.floor(from * bytes.length)).subarray(0, 200),
        ),
  ),
  place.map(
    (share): Edit =>
      (bytes) =>
        bytes.subarray(0, Math.floor(share * bytes.length)),
  ),
);

const edits = fc.array(edit, { minLength: 1, maxLength: 3 }).map(
  (list): Edit =>
    (bytes) =>
      list.reduce((edited, one) => one(edited), bytes),
);

/** Edited bytes of a file. */
export const editedFiles: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.constantFrom(...jsons, ...npzs), edits)
  .map(([bytes, change]) => change(bytes));

/** An .npz file in which one array was edited, with checksums that fit. */
export const editedArrays: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.constantFrom(...npzs), place, edits, fc.boolean())
  .map(([bytes, share, change, remove]) => {
    const files = [...readZip(bytes, () => true)];
    const at = Math.floor(share * files.length);
    const edited = files.map(([name, file], i) => [name, i === at ? change(file) : file] as const);
    return writeZip(Object.fromEntries(remove ? edited.filter((_, i) => i !== at) : edited));
  });

type Tree = Record<string | number, unknown>;

const value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    "",
    "full",
    0,
    -1,
    1,
    2 ** 53,
    1e308,
    -1e308,
    5e-324,
    1e-160,
    [],
    {},
    [[]],
    [null],
  ),
  fc.constantFrom<unknown>(
    { length: 1e9 },
    { length: -1 },
    { 0: 1, length: 1 },
    [[[[1]]]],
    "9".repeat(50),
    [1e308, 1e308],
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.jsonValue(),
);

/** JSON in which values were replaced, removed, repeated or added. */
export const editedTrees: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.constantFrom(...jsons),
    fc.array(fc.tuple(fc.array(place, { minLength: 1, maxLength: 4 }), value, fc.nat(3)), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([bytes, changes]) => {
    const tree: Tree = JSON.parse(Buffer.from(bytes).toString());
    for (const [path, put, kind] of changes) change(tree, path, structuredClone(put), kind);
    return Buffer.from(JSON.stringify(tree));
  });

function change(tree: Tree, path: readonly number[], put: unknown, kind: number): void {
  const names = Object.keys(tree);
  const name = names[Math.floor(path[0] * names.length)];
  const inner = tree[name];
  if (path.length > 1 && typeof inner === "object" && inner !== null && Object.keys(inner).length > 0) {
    change(inner as Tree, path.slice(1), put, kind);
  } else if (kind === 0) delete tree[name];
  else if (kind === 1 && Array.isArray(tree)) tree.push(put);
  else if (kind === 2 && Array.isArray(inner)) tree[name] = [...inner, ...inner];
  else tree[name] = put;
}

/** out: "model", or the code of the error. @throws where a model that was read cannot be written and read again */
export async function outcomeOf(bytes: Uint8Array): Promise<string> {
  try {
    const model = await readModel(bytes);
    evaluate(new GaussianMixture(model.mixture));
    for (const format of ["json", "npz"] as const) await readModel(writeModel(model, format));
    writeModel(model, "onnx");
    return "model";
  } catch (error) {
    if (error instanceof EmixError) return error.code;
    throw error;
  }
}

/** Means of a sound mixture may lie so far apart that no unit holds them all. */
function evaluate(mixture: GaussianMixture): void {
  try {
    mixture.logProb({ data: mixture.means, features: mixture.features });
  } catch (error) {
    if (!(error instanceof EmixError && error.code === "OVERFLOW")) throw error;
  }
}
