import { badFile } from "../errors.ts";
import type { ByteSource } from "../input/bytes.ts";

export type Encoding = "UTF-8" | "UTF-16 LE" | "UTF-16 BE";

/** How a text is encoded, by its first bytes. @throws BAD_FILE where it is no text */
export function encodingOf(path: string, start: Buffer): { encoding: Encoding; mark: number } {
  if (/^(\xff\xfe\0\0|\0\0\xfe\xff)/.test(start.toString("latin1", 0, 4))) {
    throw badFile(path, "expected UTF-8 or UTF-16, it is UTF-32; save it as UTF-8");
  }
  if (start[0] === 0xff && start[1] === 0xfe) return { encoding: "UTF-16 LE", mark: 2 };
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: "UTF-16 BE", mark: 2 };
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return { encoding: "UTF-8", mark: 3 };
  const zeros = [0, 0];
  for (let at = 0; at < start.length; at++) if (start[at] === 0) zeros[at % 2]++;
  if (zeros[0] + zeros[1] === 0) return { encoding: "UTF-8", mark: 0 };
  if (zeros[0] === 0 && zeros[1] > start.length / 4) return { encoding: "UTF-16 LE", mark: 0 };
  if (zeros[1] === 0 && zeros[0] > start.length / 4) return { encoding: "UTF-16 BE", mark: 0 };
  throw badFile(path, "expected text, it holds zero bytes; name its `format`, or save it as text");
}

/** The bytes of a text in UTF-8, without its byte order mark. @throws BAD_FILE */
export async function* textChunks(source: ByteSource): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | null = null;
  let first = true;
  for await (const chunk of source.chunks()) {
    let bytes = chunk;
    if (first) {
      const { encoding, mark } = encodingOf(source.path, chunk.subarray(0, 4096));
      if (encoding !== "UTF-8") decoder = new TextDecoder(encoding === "UTF-16 LE" ? "utf-16le" : "utf-16be");
      bytes = chunk.subarray(mark);
      first = false;
    }
    yield decoder === null ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }), "utf8");
  }
}
