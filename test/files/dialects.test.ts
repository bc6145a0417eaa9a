import { EmixError } from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPoints, rowsOf, temporaryFolder } from "../support/io-files.ts";

const folder = temporaryFolder();
let files = 0;

interface Way {
  readonly delimiter: string;
  readonly decimal: string;
  readonly thousands: string;
  readonly header: boolean;
  readonly quoting: "none" | "all" | "needed";
  readonly lineEnd: string;
  readonly mark: boolean;
  readonly encoding: "utf8" | "utf16le" | "utf16be" | "latin1";
  readonly token: string;
  readonly lastLineEnd: boolean;
}

const ways: fc.Arbitrary<Way> = fc
  .record({
    delimiter: fc.constantFrom(",", ";", "\t", "|", " "),
    decimal: fc.constantFrom(".", ","),
    thousands: fc.constantFrom("", "", "", ",", ".", "'", " ", "\u00a0"),
    header: fc.boolean(),
    quoting: fc.constantFrom("none" as const, "all" as const, "needed" as const),
    lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
    mark: fc.boolean(),
    encoding: fc.constantFrom(
      "utf8" as const,
      "utf8" as const,
      "utf16le" as const,
      "utf16be" as const,
      "latin1" as const,
    ),
    token: fc.constantFrom("NA", "", "NaN", "null", "?", "\\N", "#N/A"),
    lastLineEnd: fc.boolean(),
  })
  .filter((way) => way.decimal !== way.thousands)
  .filter(
    ({ delimiter, decimal, thousands, quoting }) =>
      quoting !== "none" || (delimiter !== decimal && delimiter !== thousands),
  )
  // Points between groups are looked for where Europeans write them: beside ; tab and |.
  .filter(({ delimiter, thousands }) => thousands !== "." || [";", "\t", "|"].includes(delimiter))
  // Between blanks an empty field does not show, and UTF-16 without a mark is told by its zeros.
  .filter(({ delimiter, quoting, token }) => delimiter !== " " || quoting === "all" || token !== "")
  .filter(({ encoding, mark }) => encoding === "utf8" || encoding === "latin1" || mark)
  .filter(({ encoding, thousands, mark }) => encoding !== "latin1" || (thousands !== "\u00a0" && !mark));

const number = fc.oneof(
  // Tiles scale features whose range is more than a double holds.
  fc.double({ noNaN: true, min: -1e100, max: 1e100 }).map((value) => (Math.abs(value) < 1e-100 ? 0 : value)),
  fc.integer({ min: -2_000_000, max: 2_000_000 }),
  fc.integer({ min: -9999, max: 9999 }).map((value) => value / 100),
  fc.integer({ min: 1000, max: 999_999 }).map((value) => value / 1000),
  fc.constantFrom(0, 1, -1, 1e-17, 1.7976931348623157e90, 1234, 1.234, 123456.789, 0.001),
);

const tables = fc.integer({ min: 1, max: 4 }).chain((width) =>
  fc.array(fc.array(fc.option(number, { nil: Number.NaN, freq: 12 }), { minLength: width, maxLength: width }), {
    minLength: 1,
    maxLength: 12,
  }),
);

function written(value: number, { decimal, thousands, token }: Way): string {
  if (Number.isNaN(value)) return token;
  const [whole, rest = ""] = String(value).split(".");
  const grouped = thousands === "" || whole.includes("e") ? whole : whole.replace(/\B(?=(\d{3})+$)/g, thousands);
  return rest === "" ? grouped : `${grouped}${decimal}${rest}`;
}

function fileOf(rows: readonly (readonly number[])[], way: Way): Buffer {
  const { delimiter, quoting, lineEnd } = way;
  const quoted = (text: string) =>
    quoting === "all" || (quoting === "needed" && text.includes(delimiter)) ? `"${text}"` : text;
  const names = rows[0].map((_, column) => `temp ${"°µ£d"[column]} "${column}", a;b`.replaceAll('"', '""'));
  const head = way.header ? [names.map((name) => `"${name}"`).join(delimiter)] : [];
  const lines = rows.map((row) => row.map((value) => quoted(written(value, way))).join(delimiter));
  const text = [...head, ...lines].join(lineEnd) + (way.lastLineEnd ? lineEnd : "");
  const marked = way.mark ? `\ufeff${text}` : text;
  if (way.encoding === "utf16be") return Buffer.from(marked, "utf16le").swap16();
  return Buffer.from(marked, way.encoding);
}

/** Rows of blanks alone show nothing that could be counted; one column shows no delimiter beside which points group. */
function isShown(rows: readonly (readonly number[])[], { token, thousands }: Way): boolean {
  if (thousands === "." && rows[0].length === 1) return false;
  return rows.every((row) => row.some((value) => !Number.isNaN(value))) || token !== "";
}

describe("a table of numbers, however it is written", () => {
  test("is read back bit for bit, or refused, and never as other numbers", async () => {
    let read = 0;
    const law = fc.asyncProperty(tables, ways, async (rows, way) => {
      fc.pre(isShown(rows, way));
      const path = await folder.write(`${files++}.csv`, fileOf(rows, way));
      const complete = rows.filter((row) => !row.some(Number.isNaN));
      const found = await readPoints(path, { missing: "drop" }).catch((error: unknown) => error);
      if (found instanceof Error) {
        expect(found).toBeInstanceOf(EmixError);
        expect(["AMBIGUOUS_FILE", "EMPTY_DATA", "BAD_FILE"]).toContain((found as EmixError).code);
        return;
      }
      read++;
      const { tiles, reading } = found as Awaited<ReturnType<typeof readPoints>>;
      const told = reading.leftOut.map(({ name }) => name);
      const left = rows[0]
        .map((_, column) => column)
        .filter((column) => told.some((name) => name.includes(`"${column}"`) || name === `column${column}`));
      const kept = (row: readonly number[]) => row.filter((_, column) => !left.includes(column));
      const expected = left.length === 0 ? complete : rows.map(kept).filter((row) => !row.some(Number.isNaN));
      expect(rowsOf(tiles)).toEqual(expected);
    });
    await fc.assert(law, { numRuns: Number(process.env.EMIX_RUNS ?? 600) });
    expect(read).toBeGreaterThan(150);
  }, 900_000);

  test("with its way told, is read back bit for bit", async () => {
    const law = fc.asyncProperty(tables, ways, async (rows, way) => {
      fc.pre(isShown(rows, way) && rows.some((row) => !row.some(Number.isNaN)));
      const { delimiter, decimal, thousands, header } = way;
      const path = await folder.write(`${files++}.csv`, fileOf(rows, way));
      const columns = rows[0].map((_, column) =>
        header ? `temp ${"°µ£d"[column]} "${column}", a;b` : `column${column}`,
      );
      const { tiles } = await readPoints(path, { delimiter, decimal, thousands, header, columns, missing: "drop" });
      expect(rowsOf(tiles)).toEqual(rows.filter((row) => !row.some(Number.isNaN)));
    });
    await fc.assert(law, { numRuns: Number(process.env.EMIX_RUNS ?? 600) });
  }, 900_000);
});
