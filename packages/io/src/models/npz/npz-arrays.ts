import { badArray } from "../errors.ts";
import { type NpyArray, readArray } from "./npy-array.ts";

/** The arrays of an archive, by name. */
export class NpzArrays {
  readonly #files: ReadonlyMap<string, Uint8Array>;

  constructor(files: ReadonlyMap<string, Uint8Array>) {
    this.#files = files;
  }

  has(name: string): boolean {
    return this.#files.has(`${name}.npy`);
  }

  read(name: string): NpyArray {
    const bytes = this.#files.get(`${name}.npy`);
    if (bytes === undefined) throw badArray(name, "it is missing");
    return readArray(name, bytes);
  }

  numbers(name: string): Float64Array {
    const { values } = this.read(name);
    if (!(values instanceof Float64Array)) throw badArray(name, "expected numbers, got text");
    return values;
  }

  number(name: string): number {
    const values = this.numbers(name);
    if (values.length !== 1) throw badArray(name, `expected one number, got ${values.length}`);
    return values[0];
  }

  texts(name: string): readonly string[] {
    const { values } = this.read(name);
    if (values instanceof Float64Array) throw badArray(name, "expected text, got numbers");
    return values;
  }

  text(name: string): string {
    const values = this.texts(name);
    if (values.length !== 1) throw badArray(name, `expected one text, got ${values.length}`);
    return values[0];
  }
}
