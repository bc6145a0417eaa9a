// As much of protocol buffers as writing ONNX takes: fields of integers, bytes and messages.

/** Encoded fields, one after the other. */
export type Message = readonly Uint8Array[];

const VARINT = 0;
const DELIMITED = 2;

export function integer(field: number, value: number): Uint8Array {
  return Buffer.of(...varint(field * 8 + VARINT), ...varint(value));
}

export function bytes(field: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(...varint(field * 8 + DELIMITED), ...varint(content.length)), content]);
}

export function text(field: number, content: string): Uint8Array {
  return bytes(field, Buffer.from(content));
}

export function message(field: number, content: Message): Uint8Array {
  return bytes(field, Buffer.concat(content));
}

/** in: an integer ≥ 0, or −1 as ONNX counts axes from the end */
function varint(value: number): number[] {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80);
  out.push(Number(rest));
  return out;
}
