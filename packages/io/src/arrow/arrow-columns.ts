import { type DataType, type RecordBatch, Type, type Vector } from "apache-arrow";
import { badFile } from "../errors.ts";
import { isCast } from "../sql/dates.ts";
import { type Column, PLAIN_COLUMN, rowFacts, type Value, WIDE_INTEGERS } from "../table.ts";

/** The columns of an Arrow file, by its schema and its first rows. */
export function columnsOf(first: RecordBatch): Column[] {
  return first.schema.fields.map(({ name, type }, index) => {
    const vector = first.getChildAt(index) as Vector;
    const kind = kindOf(type);
    const plain: Column = { ...PLAIN_COLUMN, name, kind, type: String(type), single: isSingle(type) };
    if (kind === "number")
      return {
        ...plain,
        ...(isWide(type) ? WIDE_INTEGERS : {}),
        ...(first.schema.fields.length > 1 ? rowFacts(name, someOf(vector)) : {}),
      };
    if (kind === "boolean") return plain;
    if (kind === "list") return { ...plain, length: lengthOf(vector) };
    const example = String(sqlValueOf(type, firstValue(vector)) ?? "").slice(0, 40);
    return { ...plain, example, option: kind === "date" && isCast(example) ? "`columns` name=epoch(…)" : "" };
  });
}

function kindOf(type: DataType): Column["kind"] {
  switch (type.typeId) {
    case Type.Int:
    case Type.Float:
    case Type.Decimal:
      return "number";
    case Type.Bool:
      return "boolean";
    case Type.Dictionary:
      return kindOf((type as unknown as { dictionary: DataType }).dictionary);
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
      return "text";
    case Type.Date:
    case Type.Time:
    case Type.Timestamp:
      return "date";
    case Type.List:
    case Type.LargeList:
    case Type.FixedSizeList:
      return kindOf((type.children as { type: DataType }[])[0].type) === "number" ? "list" : "other";
    case Type.Null:
      return "empty";
    default:
      return "other";
  }
}

/** Whether f32 holds its numbers exactly and is how they are stored. */
function isSingle(type: DataType): boolean {
  if (kindOf(type) === "list") return isSingle((type.children as { type: DataType }[])[0].type);
  return type.typeId === Type.Float && (type as unknown as { precision: number }).precision < 2;
}

function isWide(type: DataType): boolean {
  return type.typeId === Type.Int && (type as unknown as { bitWidth: number }).bitWidth > 53;
}

const SAMPLE = 1000;
/** Longer lists are no features. */
const MOST_ELEMENTS = 100_000;

function someOf(vector: Vector): number[] {
  return Array.from({ length: Math.min(SAMPLE, vector.length) }, (_, row) =>
    numberOf(vector.type, valueAt(vector, row)),
  );
}

function firstValue(vector: Vector): unknown {
  for (let row = 0; row < vector.length; row++) if (valueAt(vector, row) !== null) return valueAt(vector, row);
  return null;
}

function lengthOf(vector: Vector): number {
  const length = (firstValue(vector) as Vector | null)?.length ?? 0;
  return length <= MOST_ELEMENTS ? length : 0;
}

/** A value as Arrow has it. @throws BAD_FILE */
export function valueAt(vector: Vector, row: number): unknown {
  try {
    return vector.get(row);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badFile(
      "the Arrow file",
      `a value in row ${row + 1} of a batch is damaged (${reason.replace(/\.$/, "")})`,
      {},
      error,
    );
  }
}

/** A value of a column of numbers or truth values as a number; NaN for none. */
export function numberOf(type: DataType, value: unknown): number {
  if (value === null || value === undefined) return Number.NaN;
  if (type.typeId === Type.Decimal)
    return decimalOf(value as Uint32Array, (type as unknown as { scale: number }).scale);
  return Number(value);
}

/** An integer of as many words, least significant first, divided by 10^scale; rounded once. */
function decimalOf(words: Uint32Array, scale: number): number {
  return Number(`${integerOf(words)}e${-scale}`);
}

function integerOf(words: Uint32Array): bigint {
  let value = 0n;
  for (let word = words.length - 1; word >= 0; word--) value = (value << 32n) | BigInt(words[word]);
  return BigInt.asIntN(32 * words.length, value);
}

/** A value as a text; null for none. */
export function textOf(type: DataType, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (type.typeId === Type.Decimal)
    return decimalText(integerOf(value as Uint32Array), (type as unknown as { scale: number }).scale);
  if (typeof value === "object" && Symbol.iterator in value && kindOf(type) === "list") {
    const element = type.children[0].type as DataType;
    return `[${Array.from(value as Iterable<unknown>, (each) => textOf(element, each)).join(", ")}]`;
  }
  if (kindOf(type) === "number") return String(value);
  return String(sqlValueOf(type, value));
}

function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const point = digits.length - scale;
  const sign = unscaled < 0n ? "-" : "";
  return scale <= 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** A value as SQL takes it. */
export function sqlValueOf(type: DataType, value: unknown): Value {
  const kind = kindOf(type);
  if (value === null || value === undefined) return null;
  if (kind === "number") return numberOf(type, value);
  if (kind === "boolean") return Boolean(value);
  if (kind === "list")
    return Array.from(value as Iterable<unknown>, (each) => numberOf(type.children[0].type as DataType, each));
  if (kind === "date" && type.typeId !== Type.Time) return dateText(Number(value));
  return String(value);
}

/** in: milliseconds since 1970 */
function dateText(time: number): string | null {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString().replace(/Z$/, "") : null;
}
