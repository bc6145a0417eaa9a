const MAGIC = 0x184d2204;
const UNCOMPRESSED = 0x80000000;
const LEAST_MATCH = 4;

/** Unpacks an LZ4 frame, the form in which Arrow compresses buffers by default. @throws Error where it is damaged */
export function unpackLz4Frame(packed: Uint8Array): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (packed.length < 7 || view.getUint32(0, true) !== MAGIC) throw new Error("an LZ4 frame has another beginning");
  const flags = packed[4];
  const blockChecksums = (flags & 16) !== 0;
  const out = new Output();
  let at = 7 + ((flags & 8) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4);
  for (;;) {
    const head = view.getUint32(at, true);
    if (head === 0) return out.bytes();
    const size = head & ~UNCOMPRESSED;
    const block = packed.subarray(at + 4, at + 4 + size);
    if (block.length < size) throw new Error("an LZ4 block is cut off");
    if (head >>> 31 === 1) out.append(block, 0, size);
    else unpackBlock(block, out);
    at += 4 + size + (blockChecksums ? 4 : 0);
  }
}

function unpackBlock(block: Uint8Array, out: Output): void {
  let at = 0;
  const lengthFrom = (nibble: number): number => {
    let length = nibble;
    if (nibble === 15) {
      for (let more = 255; more === 255; length += more) more = block[at++] ?? 0;
    }
    return length;
  };
  while (at < block.length) {
    const token = block[at++];
    const literals = lengthFrom(token >> 4);
    out.append(block, at, literals);
    at += literals;
    if (at >= block.length) return;
    const offset = block[at] | (block[at + 1] << 8);
    at += 2;
    out.repeat(offset, lengthFrom(token & 15) + LEAST_MATCH);
  }
}

/** Bytes that grow at the end. */
class Output {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  append(from: Uint8Array, start: number, count: number): void {
    if (start + count > from.length) throw new Error("an LZ4 block is cut off");
    this.#reserve(count);
    this.#bytes.set(from.subarray(start, start + count), this.#length);
    this.#length += count;
  }

  /** Appends bytes that came `offset` before the end; they may overlap what is being written. */
  repeat(offset: number, count: number): void {
    if (offset === 0 || offset > this.#length) throw new Error("an LZ4 block is damaged");
    this.#reserve(count);
    const bytes = this.#bytes;
    for (let index = 0; index < count; index++) bytes[this.#length + index] = bytes[this.#length - offset + index];
    this.#length += count;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + count));
    larger.set(this.bytes());
    this.#bytes = larger;
  }
}
