import { describe, expect, test } from "vitest";
import { failureOf, readPoints, rowsOf, temporaryFolder, weightsOf } from "../../../support/io-files.ts";

const folder = temporaryFolder();
let files = 0;
const save = (text: string | Uint8Array, name = `${files++}.csv`) => folder.write(name, text);
const read = async (text: string, options = {}) => {
  const { tiles, columns } = await readPoints(await save(text), options);
  return { rows: rowsOf(tiles), columns };
};
const fail = async (text: string | Uint8Array, options = {}) => failureOf(readPoints(await save(text), options));
const AB = { columns: ["a", "b"] };
const ROWS = [
  [1, 2],
  [3, 4.5],
];

describe("CSV that is read", () => {
  test.each([
    ["plain", "a,b\n1,2\n3,4.5\n"],
    ["CRLF", "a,b\r\n1,2\r\n3,4.5\r\n"],
    ["old Mac line ends", "a,b\r1,2\r3,4.5"],
    ["a byte order mark", "\ufeffa,b\n1,2\n3,4.5\n"],
    ["no line end at the end", "a,b\n1,2\n3,4.5"],
    ["quoted fields", '"a","b"\n"1","2"\n3,"4.5"\n'],
    ["semicolons", "a;b\n1;2\n3;4.5\n"],
    ["tabs", "a\tb\n1\t2\n3\t4.5\n"],
    ["pipes", "a|b\n1|2\n3|4.5\n"],
    ["blank lines", "\n\na,b\n1,2\n\n3,4.5\n\n\n"],
    ["mixed line ends", "a,b\r\n1,2\n3,4.5\r\n"],
    ["a comment above the header", "# made by me\na,b\n1,2\n# and here\n3,4.5\n"],
    ["a decimal comma in quotes", 'a,b\n1,2\n3,"4,5"\n'],
    ["exponents of Fortran", "a,b\n1.0D+00,2\n3,0.45D1\n"],
    ["exponents and signs", "a,b\n+1,2e0\n 3 ,.45e1\n"],
  ])("%s", async (_, text) => {
    expect(await read(text)).toEqual({ rows: ROWS, columns: ["a", "b"] });
  });

  test("no header: column0, column1", async () => {
    expect(await read("1,2\n3,4.5\n")).toEqual({ rows: ROWS, columns: ["column0", "column1"] });
    expect((await read("1,2,3")).rows).toEqual([[1, 2, 3]]);
    expect((await fail("1,2")).code).toBe("AMBIGUOUS_FILE");
    expect((await read("1,2", { delimiter: "," })).rows).toEqual([[1, 2]]);
    expect((await read("1,2", { decimal: "," })).rows).toEqual([[1.2]]);
    expect((await read("5.1,setosa\n4.9,setosa\n")).rows).toEqual([[5.1], [4.9]]);
  });

  test("a header of numbers, when told", async () => {
    expect(await read("2019,2020\n1,2\n3,4.5\n", { header: true })).toEqual({ rows: ROWS, columns: ["2019", "2020"] });
  });

  test("one column", async () => {
    expect((await read("a\n1\n2\n")).rows).toEqual([[1], [2]]);
  });

  test("only columns of numbers unless named; names may be anything", async () => {
    const text = 'id,"a ""x"", y",when,it\'s,a=b\nq,1,2001-01-01,2,3\nr,4,2001-01-02,5,6\n';
    expect((await read(text)).columns).toEqual(['a "x", y', "it's", "a=b"]);
    expect((await read(text, { columns: ["a=b", 'a "x", y'] })).rows).toEqual([
      [3, 1],
      [6, 4],
    ]);
  });

  test("names that come twice or are empty are told apart", async () => {
    expect((await read("a,A,,a\n1,2,3,4\n")).columns).toEqual(["a", "A_1", "column2", "a_2"]);
  });

  test("columns without a name because the header is shorter are known by their place", async () => {
    const error = await fail("a;b\n1,0;2,3\n4,5;1,5\n3,3;2,2\n", { delimiter: ",", columns: ["a"] });
    expect(error).toMatchObject({ code: "UNKNOWN_COLUMN", details: { known: ["a;b", "column1", "column2"] } });
  });

  test("a name that comes 50,000 times takes no longer for each", async () => {
    const { columns } = await read(`${"a,".repeat(49_999)}a\n${"1,".repeat(49_999)}1\n`);
    expect(columns.slice(-2)).toEqual(["a_49998", "a_49999"]);
  });

  test("columns derived by SQL", async () => {
    const text = "date,a\n2001-01-01 05:00:00,1\n2001-01-02 06:30:00,10\n";
    const columns = ["hour=hour(date)", 'log = log10("a") -- a comment', "a"];
    expect(await read(text, { columns })).toEqual({
      rows: [
        [5, 0, 1],
        [6, 1, 10],
      ],
      columns: ["hour=hour(date)", 'log=log10("a") -- a comment', "a"],
    });
  });

  test("weights", async () => {
    const path = await save("a,w\n1,2\n3,0\n");
    const { tiles, columns } = await readPoints(path, { weightColumn: "w" });
    expect(columns).toEqual(["a"]);
    expect(weightsOf(tiles)).toEqual([2, 0]);
    const derived = await readPoints(path, { columns: ["a"], weightColumn: "half=w/2" });
    expect(weightsOf(derived.tiles)).toEqual([1, 0]);
  });

  test("a number of more digits is the nearest double", async () => {
    expect((await read("a\n9007199254740993\n0.1000000000000000055\n")).rows).toEqual([[9007199254740992], [0.1]]);
  });

  test("integers turning into fractions after the sample", async () => {
    const text = `a,b\n${"1,2\n".repeat(30_000)}1.5,2\n`;
    expect((await read(text)).rows.at(-1)).toEqual([1.5, 2]);
  });

  test("rows stay in order", async () => {
    const lines = Array.from({ length: 300_000 }, (_, row) => `${row},${row / 8}`);
    const { rows } = await read(`a,b\n${lines.join("\n")}\n`);
    expect(rows.every(([a, b], row) => a === row && b === row / 8)).toBe(true);
  });

  test("a path with characters that mean something to a glob or to SQL", async () => {
    await save("a\n1\n", "x1.csv");
    for (const name of ["x[1].csv", "x*.csv", "x?.csv", "it's.csv", 'a"b\\c.csv']) {
      expect(rowsOf((await readPoints(await save("a\n7\n", name))).tiles)).toEqual([[7]]);
    }
  });

  test("a limit", async () => {
    const loaded = await readPoints(await save("a\n1\n2\n3\n"), { limit: 2 });
    expect(rowsOf(loaded.tiles)).toEqual([[1], [2]]);
  });
});

describe("missing values in CSV", () => {
  test.each([
    ["empty", "a,b\n1,2\n3,\n5,6\n"],
    ["quoted empty", 'a,b\n1,2\n3,""\n5,6\n'],
    ["NA", "a,b\n1,2\n3,NA\n5,6\n"],
    ["quoted #N/A", 'a,b\n1,2\n3,"#N/A"\n5,6\n'],
    ["nan", "a,b\n1,2\n3,nan\n5,6\n"],
    ["inf", "a,b\n1,2\n3,-inf\n5,6\n"],
    ["beyond doubles", "a,b\n1,2\n3,1e400\n5,6\n"],
  ])("%s: an error with row and column, or dropped", async (_, text) => {
    const error = await fail(text);
    expect(error.code).toBe("NON_FINITE_POINT");
    expect(error.details).toMatchObject({ row: 2, column: "b" });
    expect(error.message).toMatch(/row 2, column "b"/);
    const loaded = await readPoints(await save(text), { missing: "drop" });
    expect(rowsOf(loaded.tiles)).toEqual([
      [1, 2],
      [5, 6],
    ]);
    expect(loaded).toMatchObject({ rows: 3, dropped: 1 });
  });

  test("only chosen columns count", async () => {
    expect((await read("a,b\n1,\n2,3\n", { columns: ["a"] })).rows).toEqual([[1], [2]]);
  });

  test("a missing weight", async () => {
    expect((await fail("a,w\n1,\n2,1\n", { weightColumn: "w" })).details).toMatchObject({ row: 1, column: "w" });
  });

  test("nothing left", async () => {
    const error = await fail("a,b\n1,\n,2\n", { missing: "drop" });
    expect(error.code).toBe("EMPTY_DATA");
    expect(error.message).toMatch(/2/);
  });
});

describe("CSV that is refused", () => {
  test.each([
    ["a short row", "a,b\n1,2\n3\n4,5\n", { line: 3, expected: 2, got: 1 }],
    ["a long row", "a,b\n1,2\n3,4,5\n4,5\n", { line: 3, expected: 2, got: 3 }],
    ["text for a number", "a,b\n1,2\n3,x\n4,5\n", { line: 3, column: "b", value: "x" }],
    ["a decimal comma beside points", 'a,b\n1,2.5\n3,4.5\n4,"1,5"\n', { line: 4, column: "b", value: "1,5" }],
    ["another token than those for missing values", "a,b\n1,2\n3,4\n4,-\n", { line: 4, column: "b", value: "-" }],
    ["a hexadecimal number", "a,b\n1,2\n0x10,2\n", { line: 3, column: "a", value: "0x10" }],
    ["an open quote", 'a,b\n1,2\n3,"4\n5,6\n', {}],
    ["text after a quote", 'a,b\n1,2\n3,"4"x\n5,6\n', {}],
  ])("%s: BAD_FILE, by line", async (_, text, details) => {
    const error = await fail(text);
    expect(error.code).toBe("BAD_FILE");
    expect(error.details).toMatchObject(details);
  });

  test("text for a number after the sample, and after a stream has begun", async () => {
    for (const rows of [30_000, 300_000]) {
      for (const options of [{}, { missing: "drop" }, AB]) {
        const error = await fail(`a,b\n${"1,2\n".repeat(rows)}3,oops\n${"1,2\n".repeat(rows)}`, options);
        expect(error.code).toBe("BAD_FILE");
        expect(error.details).toMatchObject({ line: rows + 2, column: "b", value: "oops" });
      }
    }
  });

  test("a ragged row late in the file", async () => {
    const error = await fail(`a,b\n${"1,2\n".repeat(100_000)}3\n`);
    expect(error.details).toMatchObject({ line: 100_002, expected: 2, got: 1 });
  });

  test("a column of text, when named", async () => {
    const error = await fail("a,b\n1,x\n2,y\n", AB);
    expect(error.code).toBe("INVALID_OPTION");
    expect(error.message).toMatch(/"b".*"x"|"x".*"b"/);
  });

  test("binary", async () => {
    expect((await fail(Buffer.from([0, 1, 2, 3, 255, 10, 0]))).code).toBe("BAD_FILE");
  });

  test("a line without end", async () => {
    expect((await fail(`a,b\n1,${"2".repeat(3_000_000)}\n`)).code).toBe("NON_FINITE_POINT");
    expect((await fail(`a,b${"2".repeat(3_000_000)}`)).message.length).toBeLessThan(700);
  });

  test("empty, blank, header only, no numbers", async () => {
    for (const text of ["", "\n\n", "\ufeff", "a,b\n", "a,b"]) {
      const error = await fail(text, text.startsWith("a") ? AB : {});
      expect(error.code).toBe("EMPTY_DATA");
    }
    for (const text of ["a,b\n", "a,b\nx,y\n"]) expect((await fail(text)).code).toBe("BAD_FILE");
  });

  test("weights that are negative or all zero", async () => {
    const negative = await fail("a,w\n1,1\n2,-1\n", { weightColumn: "w" });
    expect(negative.code).toBe("INVALID_WEIGHT");
    expect(negative.details).toMatchObject({ row: 2, column: "w", value: -1 });
    expect((await fail("a,w\n1,0\n2,0\n", { weightColumn: "w" })).code).toBe("ZERO_TOTAL_WEIGHT");
  });

  test("columns that are not there", async () => {
    const error = await fail("delay,distance\n1,2\n", { columns: ["dealy"] });
    expect(error.code).toBe("UNKNOWN_COLUMN");
    expect(error.message).toMatch(/"delay", "distance"\. Did you mean "delay"\?/);
    const referenced = await fail("delay,distance\n1,2\n", { columns: ["d=distence*2"] });
    expect(referenced.code).toBe("UNKNOWN_COLUMN");
    expect(referenced.details).toMatchObject({ column: "distence", guess: "distance" });
    expect((await fail("a\n1\n", { columns: ["quite different"] })).details).toMatchObject({ guess: null });
  });

  test.each([
    ["no expression", "x="],
    ["no name", "=a"],
    ["broken SQL", "x=a +"],
    ["an open parenthesis", "x=(a"],
    ["an unknown function", "x=nosuch(a)"],
    ["an aggregate", "x=sum(a)"],
    ["several rows for one", "x=unnest([1, 2])"],
    ["text", "x='y' || a"],
    ["a second statement", "x=a) FROM (SELECT 1 AS a); SELECT (2"],
    ["another file", "x=(SELECT count(*) FROM read_text('/etc/hostname'))"],
    ["a star", "x=*"],
    ["a failing cast", "x=('n' || a)::DOUBLE"],
  ])("an expression with %s: INVALID_OPTION", async (_, column) => {
    expect((await fail("a,b\n1,2\n3,4\n", { columns: [column] })).code).toBe("INVALID_OPTION");
  });

  test("an expression that fails on a late row, and its cure", async () => {
    const lines = Array.from({ length: 200_000 }, (_, row) => 199_990 - row);
    const text = `a,b\n${lines.map((a) => `${a},1`).join("\n")}\n`;
    const error = await fail(text, { columns: ["b", "root=sqrt(a)"] });
    expect(error.code).toBe("INVALID_OPTION");
    expect(error.details).toMatchObject({ column: "root=sqrt(a)" });
    const cured = await readPoints(await save(text), { columns: ["b", "root=try(sqrt(a))"], missing: "drop" });
    expect(cured.dropped).toBe(9);
  });

  test("a column twice", async () => {
    expect((await fail("a,b\n1,2\n", { columns: ["a", "a"] })).code).toBe("INVALID_OPTION");
    expect((await fail("a,b\n1,2\n", { columns: ["a"], weightColumn: "a" })).code).toBe("INVALID_OPTION");
  });
});
