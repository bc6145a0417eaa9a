import type { Tiles } from "@emix/core";
import type { Reading } from "@emix/io";
import { LoadedFile as LoadedColumns } from "@emix/workers";

/** Points of a file, with what was read of it. */
export class LoadedFile extends LoadedColumns {
  /** What was read: rows, columns used and left out, how the file is written. `readingLine` has it in a sentence. */
  readonly reading: Reading;
  /** @internal of the points as they were given, where it is known */
  readonly fingerprint: string | undefined;

  /** @internal Use `loadFile` of an engine. */
  constructor(tiles: Tiles, columns: readonly string[], reading: Reading, fingerprint?: string) {
    super(tiles, columns);
    this.reading = reading;
    this.fingerprint = fingerprint;
  }
}
