import { decodeText } from "./decode-text.ts";

/** The fields of a record: where each lies in the bytes, without its quotes. */
export class FieldList {
  bytes: Buffer = Buffer.alloc(0);
  starts: Int32Array = new Int32Array(64);
  ends: Int32Array = new Int32Array(64);
  /** 0 plain, 1 quoted, 2 quoted with doubled quotes inside */
  quoted: Uint8Array = new Uint8Array(64);
  /** fields of the record at hand */
  fields = 0;

  /** The text of a field of the record at hand. */
  text(field: number): string {
    const text = decodeText(this.bytes.subarray(this.starts[field], this.ends[field]));
    return this.quoted[field] === 2 ? text.replaceAll('""', '"') : text;
  }

  protected push(start: number, end: number, kind: number): void {
    if (this.fields === this.starts.length) this.#grow();
    this.starts[this.fields] = start;
    this.ends[this.fields] = end;
    this.quoted[this.fields++] = kind;
  }

  #grow(): void {
    const length = this.starts.length * 4;
    const starts = new Int32Array(length);
    const ends = new Int32Array(length);
    const quoted = new Uint8Array(length);
    starts.set(this.starts);
    ends.set(this.ends);
    quoted.set(this.quoted);
    this.starts = starts;
    this.ends = ends;
    this.quoted = quoted;
  }
}
