import { badFile } from "../errors.ts";
import type { ByteSource } from "../input/bytes.ts";
import { textChunks } from "./encoding.ts";
import type { RecordScanner } from "./records.ts";

const WINDOW_BYTES = 1 << 19;
/** A record of more is an accident: a quote that is never closed, or a file that is no text. */
const LONGEST_RECORD = 1 << 26;

/** Lets a scanner see a text part by part; what it leaves of a part is seen again with the next. @throws BAD_FILE */
export async function* windows(source: ByteSource, scanner: RecordScanner, stop: () => void): AsyncGenerator<void> {
  let buffer = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  let held = 0;
  for await (const chunk of textChunks(source)) {
    stop();
    if (held + chunk.length > buffer.length) {
      if (held + chunk.length > LONGEST_RECORD) throw tooLong(source.path, scanner.line + 1);
      const larger = Buffer.allocUnsafeSlow(2 * (held + chunk.length));
      buffer.copy(larger, 0, 0, held);
      buffer = larger;
    }
    chunk.copy(buffer, held);
    held += chunk.length;
    scanner.load(buffer, held, false);
    yield;
    buffer.copyWithin(0, scanner.position, held);
    held -= scanner.position;
  }
  scanner.load(buffer, held, true);
  yield;
}

function tooLong(path: string, line: number): Error {
  return badFile(path, `line ${line} is longer than ${LONGEST_RECORD} bytes, or a quote there is never closed`, {
    line,
  });
}
