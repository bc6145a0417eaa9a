import type { Tiles } from "@emix/core";
import { FileReader } from "./storage/file-reader.ts";

const IDS = new WeakMap<object, number>();
let next = 0;

/** Tells points from others by the memory or the file that holds them: higher where that was asked about later, in this thread. */
export function pointsIdOf({ data }: Pick<Tiles, "data">): number {
  const holder = ArrayBuffer.isView(data) ? data.buffer : data instanceof FileReader ? (data.file ?? data) : data;
  const id = IDS.get(holder) ?? next++;
  IDS.set(holder, id);
  return id;
}
