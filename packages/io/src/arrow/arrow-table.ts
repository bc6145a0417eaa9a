import type { InputFile } from "../input/input.ts";
import type { ValueTable } from "../table.ts";
export async function openArrow(_file: InputFile, _stop: () => void): Promise<ValueTable> {
  throw new Error("later");
}
