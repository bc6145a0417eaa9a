import { FieldList } from "./field-list.ts";

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const TAB = 9;
const QUOTE = 34;

/** How the records of a text are told apart and divided. */
export interface Syntax {
  /** One ASCII character; " " for runs of blanks and tabs; "" for one field a line. */
  readonly delimiter: string;
  /** One ASCII character at the start of lines to pass over; "" for none. */
  readonly comment: string;
  /** Beginnings of lines that are no comments though they start with its character, such as #N/A. */
  readonly tokens: readonly string[];
  /** Lines at the start to pass over unread. */
  readonly skip: number;
}

/** What a scanner met. */
export const MORE = 0;
export const RECORD = 1;
export const BROKEN_QUOTE = 2;

/**
 * Divides bytes into records and fields, without copying them: field f of the record at hand lies in `bytes` from
 * `starts[f]` to `ends[f]`, quotes left out. Blank lines and comments are passed over. Lines end with LF, CR LF or CR.
 */
export class RecordScanner extends FieldList {
  /** the line that the record at hand begins on, from 1 */
  line = 0;
  /** lines passed over as comments */
  comments = 0;
  /** where the next record begins */
  position = 0;
  #length = 0;
  #last = false;
  /** the first CR behind the lines that `count` passed over; unsigned, so that none is behind all */
  #return = -1;
  #nextLine = 1;
  #skip: number;
  readonly #delimiter: number;
  readonly #blanks: boolean;
  readonly #comment: number;
  readonly #tokens: readonly Buffer[];

  constructor({ delimiter, comment, tokens, skip }: Syntax) {
    super();
    this.#skip = skip;
    this.#blanks = delimiter === " ";
    this.#delimiter = delimiter === "" ? -1 : delimiter.charCodeAt(0);
    this.#comment = comment === "" ? -1 : comment.charCodeAt(0);
    this.#tokens = tokens
      .filter((token) => comment !== "" && token.startsWith(comment))
      .map((token) => Buffer.from(token));
  }

  /** Takes the bytes to scan next. in: last, whether the text ends with them */
  load(bytes: Buffer, length: number, last: boolean): void {
    this.bytes = bytes;
    this.position = 0;
    this.#length = length;
    this.#last = last;
    this.#return = -1;
  }

  /** whether lines are still to be passed over unread */
  get skips(): boolean {
    return this.#skip > 0;
  }

  /** where the bytes end */
  get end(): number {
    return this.#length;
  }

  /** Takes it that a record on one line ends here. */
  pass(position: number): void {
    this.position = position;
    this.#nextLine++;
  }

  /** out: RECORD, or MORE where the bytes do not hold a whole one, or BROKEN_QUOTE at `line` */
  next(): number {
    let at = this.#passOver(this.position);
    if (at < 0) return MORE;
    this.line = this.#nextLine;
    at = this.#record(at);
    if (at === -2) return BROKEN_QUOTE;
    if (at < 0) {
      this.#nextLine = this.line;
      return MORE;
    }
    this.position = at;
    return RECORD;
  }

  /** Takes the fields of the record that begins here. out: where it ends, −1 for more bytes, −2 for a broken quote */
  #record(start: number): number {
    const { bytes } = this;
    let at = start;
    this.fields = 0;
    for (;;) {
      at = this.#field(at);
      if (at < 0) return at;
      if (at === this.#length || isLineEnd(bytes[at])) return this.#lineEnd(at);
      at++;
      if (!this.#blanks) continue;
      while (at < this.#length && isBlank(bytes[at])) at++;
      if (at === this.#length ? this.#last : isLineEnd(bytes[at])) return this.#lineEnd(at);
    }
  }

  /** Counts the records that the bytes hold whole, as `next` would find them, `most` at most. out: −1, a broken quote */
  count(most: number): number {
    const quotes = this.bytes.subarray(this.position, this.#length).includes(QUOTE);
    let records = 0;
    while (records < most) {
      if (!quotes && this.#plainLine()) {
        records++;
        continue;
      }
      const found = this.next();
      if (found === MORE) break;
      if (found === BROKEN_QUOTE) return -1;
      records++;
    }
    return records;
  }

  /** Passes over a line that is a record at first sight; without quotes in the bytes. */
  #plainLine(): boolean {
    const first = this.bytes[this.position];
    if (this.#skip > 0 || this.position >= this.#length || first <= SPACE || first === this.#comment) return false;
    const end = this.bytes.indexOf(NEWLINE, this.position);
    if (this.#return < this.position) this.#return = this.bytes.indexOf(RETURN, this.position) >>> 0;
    if (end < 0 || end >= this.#length || this.#return < end - 1) return false;
    this.position = end + 1;
    this.#nextLine++;
    return true;
  }

  /** Passes over blank lines and comments. out: where the record begins, or −1 */
  #passOver(from: number): number {
    const { bytes } = this;
    let at = from;
    for (; this.#skip > 0; this.#skip--) {
      at = this.#lineEnd(this.#endOfLine(at));
      if (at < 0) return -1;
      this.position = at;
    }
    for (;;) {
      let ahead = at;
      while (ahead < this.#length && (bytes[ahead] === SPACE || (this.#blanks && bytes[ahead] === TAB))) ahead++;
      if (ahead === this.#length) return -1;
      const first = bytes[ahead];
      if (first === NEWLINE || first === RETURN) {
        at = this.#lineEnd(ahead);
        if (at < 0) return -1;
      } else if (first === this.#comment && !this.#isToken(ahead)) {
        at = this.#lineEnd(this.#endOfLine(ahead));
        if (at < 0) return -1;
        this.comments++;
      } else return this.#blanks ? ahead : at;
      this.position = at;
    }
  }

  #isToken(at: number): boolean {
    return this.#tokens.some(
      (token) => this.bytes.compare(token, 0, token.length, at, Math.min(at + token.length, this.#length)) === 0,
    );
  }

  #endOfLine(from: number): number {
    let at = from;
    while (at < this.#length && this.bytes[at] !== NEWLINE && this.bytes[at] !== RETURN) at++;
    return at;
  }

  /** in: at, the end of a line's text. out: where the next line begins, or −1 where that cannot be seen yet */
  #lineEnd(at: number): number {
    if (at === this.#length) return this.#last ? at : -1;
    let next = at + 1;
    if (this.bytes[at] === RETURN) {
      if (next === this.#length && !this.#last) return -1;
      if (next < this.#length && this.bytes[next] === NEWLINE) next++;
    }
    this.#nextLine++;
    return next;
  }

  /** Takes the field that begins here. out: what ended it, −1 for more bytes, −2 for a broken quote */
  #field(start: number): number {
    const { bytes } = this;
    const length = this.#length;
    const delimiter = this.#delimiter;
    let at = start;
    while (at < length && bytes[at] === SPACE && delimiter !== SPACE) at++;
    if (at < length && bytes[at] === QUOTE) return this.#quotedField(at + 1);
    if (this.#blanks) while (at < length && bytes[at] > SPACE) at++;
    else {
      for (; at < length; at++) {
        const byte = bytes[at];
        if (byte === delimiter || byte === NEWLINE || byte === RETURN) break;
      }
    }
    if (at === length && !this.#last) return -1;
    this.push(start, at, 0);
    return at;
  }

  #quotedField(start: number): number {
    const { bytes } = this;
    let kind = 1;
    let breaks = 0;
    let at = start;
    for (; ; at++) {
      if (at >= this.#length) return this.#last ? -2 : -1;
      const byte = bytes[at];
      if (byte === QUOTE) {
        if (at + 1 === this.#length && !this.#last) return -1;
        if (at + 1 === this.#length || bytes[at + 1] !== QUOTE) break;
        kind = 2;
        at++;
      } else if (byte === NEWLINE || (byte === RETURN && bytes[at + 1] !== NEWLINE)) breaks++;
    }
    const end = at;
    at++;
    while (at < this.#length && bytes[at] === SPACE && !this.#blanks) at++;
    if (at === this.#length && !this.#last) return -1;
    if (at < this.#length && !this.#ends(bytes[at])) return -2;
    this.push(start, end, kind);
    this.#nextLine += breaks;
    return at;
  }

  #ends(byte: number): boolean {
    return byte === this.#delimiter || byte === NEWLINE || byte === RETURN || (this.#blanks && byte === TAB);
  }
}

function isLineEnd(byte: number): boolean {
  return byte === NEWLINE || byte === RETURN;
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}
