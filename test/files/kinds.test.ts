import { readingLine } from "@emix/io";
import { describe, expect, test } from "vitest";
import { failureOf, readPoints, rowsOf, temporaryFolder } from "../support/io-files.ts";

// Kinds of text files as people bring them: each is read as it was meant, or refused with the option that helps.

const folder = temporaryFolder();
let files = 0;

const save = (content: string | Uint8Array, name = `${files++}.csv`) => folder.write(name, content);
const lines = (count: number, line: (row: number) => string) =>
  Array.from({ length: count }, (_, row) => line(row)).join("\n");

interface Kind {
  readonly text: string | Uint8Array;
  readonly name?: string;
  readonly options?: object;
  readonly columns: readonly string[];
  readonly first: readonly number[];
  readonly rows: number;
  /** in the line that says what was read */
  readonly says?: RegExp;
}

const READ: Readonly<Record<string, Kind>> = {
  "European numbers with points between thousands": {
    text: "price;share\n1.234,50;0,5\n2.000,25;0,25\n12,00;1\n",
    columns: ["price", "share"],
    first: [1234.5, 0.5],
    rows: 3,
    says: /decimal ",", thousands "\."/,
  },
  "Swiss apostrophes": { text: "a;b\n1'234.5;2\n12'000.25;3\n", columns: ["a", "b"], first: [1234.5, 2], rows: 2 },
  "French no-break spaces": {
    text: "a;b\n1\u00a0234,5;2\n12\u00a0000,25;3\n",
    columns: ["a", "b"],
    first: [1234.5, 2],
    rows: 2,
  },
  "a decimal comma between tabs": {
    text: "1,5\t2,25\n3,5\t4,75\n",
    name: "eu.tsv",
    columns: ["column0", "column1"],
    first: [1.5, 2.25],
    rows: 2,
  },
  "commas in quoted texts of a European file": {
    text: 'name;x;y\n"Smith, John";1,5;2\n"Doe, Jane";2,5;3\n',
    columns: ["x", "y"],
    first: [1.5, 2],
    rows: 2,
    says: /left out: name \(text, e\.g\. "Smith, John"\)/,
  },
  "dates with times beside a comma": {
    text: "when,x\n2001-01-01 05:00:00,1.5\n2001-01-02 06:00:00,2.5\n",
    columns: ["x"],
    first: [1.5],
    rows: 2,
    says: /when \(dates, e\.g\. "2001-01-01 05:00:00"; `columns` name=epoch/,
  },
  "names of two words beside a comma": {
    text: "name,x\nJohn Smith,1\nJane Doe,2\n",
    columns: ["x"],
    first: [1],
    rows: 2,
  },
  "R's write.table": {
    text: '"x" "y"\n"1" 0.5 1.5\n"2" 2.5 3.5\n"3" 4.5 5.5\n',
    name: "r.txt",
    columns: ["x", "y"],
    first: [0.5, 1.5],
    rows: 3,
    says: /row number/,
  },
  "R's write.csv": {
    text: '"","x","y"\n"1",0.5,1.5\n"2",2.5,3.5\n"3",4.5,5.5\n',
    columns: ["x", "y"],
    first: [0.5, 1.5],
    rows: 3,
    says: /row number/,
  },
  "an aligned table": {
    text: "   1.5   20\n  12.5    3\n 100.25   4\n",
    name: "a.dat",
    columns: ["column0", "column1"],
    first: [1.5, 20],
    rows: 3,
  },
  "numpy.savetxt with commas and a header": {
    text: "# x,y\n1.5,2\n3.5,4\n",
    columns: ["x", "y"],
    first: [1.5, 2],
    rows: 2,
    says: /header in a comment/,
  },
  "MATLAB's percent": {
    text: "% made on Monday\n% x y\n1.5 2\n3.5 4\n",
    name: "m.txt",
    columns: ["x", "y"],
    first: [1.5, 2],
    rows: 2,
  },
  "Excel's sep=": { text: "sep=;\na;b\n1;2\n3;4\n", columns: ["a", "b"], first: [1, 2], rows: 2 },
  "years as names": {
    text: `region,2023,2024,2025\n${lines(8, (row) => `r${row},${1.5 + row / 8},${2.5 + row / 4},${3.25 - row / 8}`)}\n`,
    columns: ["2023", "2024", "2025"],
    first: [1.5, 2.5, 3.25],
    rows: 8,
    says: /header/,
  },
  "a data frame without names": {
    text: ",0,1,2\n0,5.5,1,7\n1,6.5,2,9\n2,7.5,1,3\n",
    columns: ["0", "1", "2"],
    first: [5.5, 1, 7],
    rows: 3,
    says: /row number/,
  },
  "an id that counts": {
    text: "id,x,y\n1,5,2\n2,4,4\n3,9,1\n",
    columns: ["x", "y"],
    first: [5, 2],
    rows: 3,
    says: /id \(row number\)/,
  },
  "an id that counts, asked for": {
    text: "id,x\n1,5\n2,4\n3,9\n",
    options: { columns: ["id", "x"] },
    columns: ["id", "x"],
    first: [1, 5],
    rows: 3,
  },
  "a number that counts under another name": {
    text: "week,x\n1,5\n2,4\n3,9\n",
    columns: ["week", "x"],
    first: [1, 5],
    rows: 3,
  },
  "Fortran's exponents": {
    text: " 1.0D+03  -2.5D-01\n 2.0D+03   0.5D+00\n",
    name: "f.dat",
    columns: ["column0", "column1"],
    first: [1000, -0.25],
    rows: 2,
  },
  "every token for a missing value": {
    text: "x,y\n1,2\nNA,2\n3,N/A\n?,2\n3,\\N\nnull,1\n3,#N/A\nNaN,4\n5,6\n",
    options: { missing: "drop" },
    columns: ["x", "y"],
    first: [1, 2],
    rows: 9,
    says: /7 of them left out.*missing: NA × 1/,
  },
  "a sentinel": {
    text: "x,y\n1,2\n-99,3\n4,-99.0\n5,6\n",
    options: { missing: "drop", na: ["-99", "-99.0"] },
    columns: ["x", "y"],
    first: [1, 2],
    rows: 4,
    says: /2 of them left out/,
  },
  "numbers that stand for none": {
    text: `t,x\n${lines(12, (row) => `${row % 4 === 2 ? "-9999.0" : `${15 + (row % 5)}.5`},${row}.5`)}\n`,
    columns: ["t", "x"],
    first: [15.5, 0.5],
    rows: 12,
    says: /t: -9999\.0 lies far from all others; `na` "-9999\.0" if it stands for no value/,
  },
  "nines among numbers like them": {
    text: `t,x\n${lines(12, (row) => `${row % 4 === 2 ? 99 : 15 * row},${row}.5`)}\n`,
    columns: ["t", "x"],
    first: [0, 0.5],
    rows: 12,
    says: /columns t, x$/,
  },
  "truth values": { text: "x,ok\n1,TRUE\n2,FALSE\n", columns: ["x", "ok"], first: [1, 1], rows: 2 },
  "percent signs": {
    text: "x,share\n1,12%\n2,13.5%\n",
    columns: ["x"],
    first: [1],
    rows: 2,
    says: /share \(text, e\.g\. "12%"; `columns` name=regexp_replace/,
  },
  "percent signs, by the expression that the line gives": {
    text: "x,share\n1,12%\n2,13.5%\n",
    options: { columns: ["share=regexp_replace(share, '[^0-9.]', '', 'g')::DOUBLE"] },
    columns: ["share=regexp_replace(share, '[^0-9.]', '', 'g')::DOUBLE"],
    first: [12],
    rows: 2,
  },
  "decimal commas in one column of a file with points": {
    text: 'a,b,c\n"1,50",0.5,1.25\n"2,25",0.25,2.5\n',
    columns: ["b", "c"],
    first: [0.5, 1.25],
    rows: 2,
    says: /a \(text, e\.g\. "1,50"; `decimal` "," reads it\)/,
  },
  "lists as text": {
    text: 'id,v\n1,"[1, 2.5, 3]"\n2,"[4, 5, 6]"\n3,"[7, null, 9]"\n',
    options: { missing: "drop" },
    columns: ["v[0]", "v[1]", "v[2]"],
    first: [1, 2.5, 3],
    rows: 3,
  },
  "line breaks in names and texts": {
    text: '"a\nb",note,y\n1,"x\ny",2\n3,z,4\n',
    columns: ["a b", "y"],
    first: [1, 2],
    rows: 2,
  },
  "Latin-1": {
    text: Buffer.from("temp °C;b\n1,5;2\n2,5;3\n", "latin1"),
    columns: ["temp °C", "b"],
    first: [1.5, 2],
    rows: 2,
  },
  "UTF-16 as Excel writes it": {
    text: Buffer.from("\ufeffa\tb\r\n1,5\t2\r\n2,5\t3\r\n", "utf16le"),
    name: "u.txt",
    columns: ["a", "b"],
    first: [1.5, 2],
    rows: 2,
    says: /UTF-16 LE/,
  },
  "UTF-16 without a mark": {
    text: Buffer.from("a,b\n1,2.5\n3,4.5\n", "utf16le"),
    columns: ["a", "b"],
    first: [1, 2.5],
    rows: 2,
  },
  "separators at the ends of lines": {
    text: "a,b,\n1,2,\n3,4,\n",
    columns: ["a", "b"],
    first: [1, 2],
    rows: 2,
    says: /column2 \(no values\)/,
  },
  "a title above the table": {
    text: "Report\nof Monday\na,b\n1,2\n3,4\n",
    options: { skip: 2 },
    columns: ["a", "b"],
    first: [1, 2],
    rows: 2,
  },
  "remarks between rows": {
    text: "a,b\n1,2\n! check\n3,4\n",
    options: { comment: "!" },
    columns: ["a", "b"],
    first: [1, 2],
    rows: 2,
  },
  "a pattern, and one left out": {
    text: "sensor_a,sensor_b,sensor_c,other\n1,2,3,4\n5,6,7,8\n",
    options: { columns: ["sensor_*", "-sensor_b"] },
    columns: ["sensor_a", "sensor_c"],
    first: [1, 3],
    rows: 2,
    says: /sensor_b \(as told\), other \(not asked for\)/,
  },
  "columns left out alone": {
    text: "a,b,c\n1,2,3\n4,5,6\n",
    options: { columns: ["-b"] },
    columns: ["a", "c"],
    first: [1, 3],
    rows: 2,
  },
  denormals: { text: "a,b\n5e-324,1\n1e-320,2\n", columns: ["a", "b"], first: [5e-324, 1], rows: 2 },
  "a minus as typographers write it": { text: "a,b\n−1.5,2\n3,4\n", columns: ["a", "b"], first: [-1.5, 2], rows: 2 },
  "pandas' index after rows were taken away and shuffled": {
    text: ",x,y\n17,5,2\n3,4,4\n44,9,1\n5,1,7\n",
    columns: ["x", "y"],
    first: [5, 2],
    rows: 4,
    says: /column0 \(row number\)/,
  },
  "pandas' index of two tables joined": {
    text: ",x,y\n0,5,2\n1,4,4\n2,9,1\n0,1,7\n1,3,3\n",
    columns: ["x", "y"],
    first: [5, 2],
    rows: 5,
    says: /column0 \(row number\)/,
  },
  "an index beside one column, between tabs": {
    text: "\tx\n0\t5.5\n1\t4\n2\t9\n",
    columns: ["x"],
    first: [5.5],
    rows: 3,
  },
  "numbers that only differ, without a header": {
    text: "17,5.5,1\n3,4,2\n44,9,1\n",
    columns: ["column0", "column1", "column2"],
    first: [17, 5.5, 1],
    rows: 3,
  },
  "numbers of customers that count": {
    text: "CustomerID,x,y\n1001,5,2\n1002,4,4\n1003,9,1\n",
    columns: ["x", "y"],
    first: [5, 2],
    rows: 3,
    says: /CustomerID \(row number\)/,
  },
  "numbers of customers": {
    text: "customer_id,x\n1017,5\n2003,4\n1403,9\n",
    columns: ["customer_id", "x"],
    first: [1017, 5],
    rows: 3,
    says: /customer_id: no number comes twice, as in identifiers; `columns` "-customer_id" leaves it out/,
  },
  "a data frame as pandas prints it": {
    text: "      x    y\n0   5.5  1.0\n1   6.5  2.0\n2   7.5  1.0\n",
    name: "printed.txt",
    columns: ["x", "y"],
    first: [5.5, 1],
    rows: 3,
  },
  "tabs at the ends of lines, and a decimal comma": {
    text: "x\ty\t\n1,5\t2,25\t\n3,5\t4,75\t\n",
    columns: ["x", "y"],
    first: [1.5, 2.25],
    rows: 2,
  },
  "what SAS, Python and Excel write for no value": {
    text: "x,y\n1,2\n.,2\n3,None\n#DIV/0!,2\n3,<NA>\nn/a,1\n5,6\n",
    options: { missing: "drop" },
    columns: ["x", "y"],
    first: [1, 2],
    rows: 7,
    says: /5 of them left out.*#DIV\/0! × 1/,
  },
  "a token for a missing value that few know, in most rows": {
    text: "x,y\n..,2\n..,4\n3,5\n..,7\n",
    columns: ["y"],
    first: [2],
    rows: 4,
    says: /x \(text, e\.g\. "\.\."; `na` "\.\." reads it\)/,
  },
  "amounts below 0 with a unit": {
    text: "x,t\n1,-5 °C\n2,13.5 °C\n",
    columns: ["x"],
    first: [1],
    rows: 2,
    says: /name=regexp_replace\(…, '\[\^0-9\.-\]', '', 'g'\)::DOUBLE reads it/,
  },
  "amounts below 0 with a unit, by the expression that the line gives": {
    text: "x,t\n1,-5 °C\n2,13.5 °C\n",
    options: { columns: ["t=regexp_replace(t, '[^0-9.-]', '', 'g')::DOUBLE"] },
    columns: ["t=regexp_replace(t, '[^0-9.-]', '', 'g')::DOUBLE"],
    first: [-5],
    rows: 2,
  },
  "European amounts with a unit": {
    text: "x;t\n1,5;-5,25 €\n2,5;13,5 €\n",
    columns: ["x"],
    first: [1.5],
    rows: 2,
    says: /name=replace\(regexp_replace\(…, '\[\^0-9,-\]', '', 'g'\), ',', '\.'\)::DOUBLE reads it/,
  },
  "European amounts with a unit, by the expression that the line gives": {
    text: "x;t\n1,5;-5,25 €\n2,5;13,5 €\n",
    options: { columns: ["t=replace(regexp_replace(t, '[^0-9,-]', '', 'g'), ',', '.')::DOUBLE"] },
    columns: ["t=replace(regexp_replace(t, '[^0-9,-]', '', 'g'), ',', '.')::DOUBLE"],
    first: [-5.25],
    rows: 2,
  },
  "amounts with a unit that may be written in two ways": {
    text: 'x,w\n1.5,"1,234 kg"\n2.5,"2,345 kg"\n',
    columns: ["x"],
    first: [1.5],
    rows: 2,
    says: /w \(text, e\.g\. "1,234 kg"\)$/,
  },
  "German dates": {
    text: "tag;x\n13.03.2021 10:30;1,5\n14.03.2021 11:00;2,5\n",
    columns: ["x"],
    first: [1.5],
    rows: 2,
    says: /tag \(dates.*; `columns` name=epoch\(strptime\(…, '%d\.%m\.%Y %H:%M'\)\) reads it\)/,
  },
  "German dates, by the expression that the line gives": {
    text: "tag;x\n13.03.2021 10:30;1,5\n14.03.2021 11:00;2,5\n",
    options: { columns: ["t=epoch(strptime(tag, '%d.%m.%Y %H:%M'))"] },
    columns: ["t=epoch(strptime(tag, '%d.%m.%Y %H:%M'))"],
    first: [Date.UTC(2021, 2, 13, 10, 30) / 1000],
    rows: 2,
  },
  "dates in one of two orders": {
    text: "day,x\n01/02/2024,1\n03/04/2024,2\n",
    columns: ["x"],
    first: [1],
    rows: 2,
    says: /strptime\(…, '%d\/%m\/%Y'\)\) or '%m\/%d\/%Y' reads it/,
  },
  "months in words": {
    text: "day,x\n03-Jan-2021,1\n04-May-2021,2\n",
    columns: ["x"],
    first: [1],
    rows: 2,
    says: /day \(text, .*name=epoch\(strptime\(…, '%d-%b-%Y'\)\) reads it/,
  },
  "times of day, by the expression that the line gives": {
    text: "at,x\n1:30 PM,1\n2:00 PM,2\n",
    options: { columns: ["at=epoch(strptime(\"at\", '%I:%M %p')::TIME)"] },
    columns: ["at=epoch(strptime(\"at\", '%I:%M %p')::TIME)"],
    first: [13.5 * 3600],
    rows: 2,
  },
  "durations of more than a day": {
    text: "took,x\n26:30,1\n70:00,2\n",
    columns: ["x"],
    first: [1],
    rows: 2,
    says: /took \(dates, e\.g\. "26:30"\)$/,
  },
  "points in time with offsets from UTC": {
    text: "t,x\n2024-03-31T01:30:00+01:00,1\n2024-03-31T03:30:00+02:00,2\n2024-03-31 02:00,3\n2024-03-31,4\n",
    options: { columns: ["t=epoch(t)", "x"] },
    columns: ["t=epoch(t)", "x"],
    first: [Date.UTC(2024, 2, 31, 0, 30) / 1000, 1],
    rows: 4,
  },
  "a total below the table": {
    text: "name,x,y\na,1,2\nb,3,4\nc,4,2\nTotal,9,9\n",
    columns: ["x", "y"],
    first: [1, 2],
    rows: 4,
    says: /the last row is a point too, but it says "Total": `limit` leaves it out/,
  },
  "a total without a word": {
    text: "name,x,y\na,1,2\nb,3,4\nc,4,2\nd,1,1\n,9,9\n",
    columns: ["x", "y"],
    first: [1, 2],
    rows: 5,
    says: /the last row is a point too, but it is the sum of those above/,
  },
  "a total that the limit leaves out": {
    text: "name,x,y\na,1,2\nb,3,4\nc,4,2\nTotal,9,9\n",
    options: { limit: 3 },
    columns: ["x", "y"],
    first: [1, 2],
    rows: 3,
    says: /left out: name \(text, e\.g\. "a"\)$/,
  },
  "names that would colour a terminal": {
    text: "\u001b[31mx,y\u0007\n1,2\n3,4\n",
    columns: ["[31mx", "y"],
    first: [1, 2],
    rows: 2,
  },
  "objects with a name that comes late": {
    text: lines(3000, (row) => JSON.stringify(row < 2500 ? { x: row % 7 } : { x: row % 7, z: 1 })),
    name: "late.ndjson",
    columns: ["x"],
    first: [0],
    rows: 3000,
    says: /not read, as the first rows do not have it: "z" \(line 2,501\)/,
  },
  "objects with numbers as texts": {
    text: '{"x":"1.5","y":2}\n{"x":"2.5","y":3}\n',
    name: "texts.ndjson",
    columns: ["y"],
    first: [2],
    rows: 2,
    says: /x \(text, e\.g\. "1\.5"; `columns` name=…::DOUBLE reads it\)/,
  },
};

describe("files that are read as they were meant", () => {
  test.each(Object.entries(READ))("%s", async (_, { text, name, options = {}, columns, first, rows, says }) => {
    const found = await readPoints(await save(text, name), options);
    expect(found.columns).toEqual(columns);
    expect(rowsOf(found.tiles)[0]).toEqual(first);
    expect(found.rows).toBe(rows);
    if (says !== undefined) expect(readingLine(found.reading)).toMatch(says);
  });
});

const REFUSED: [string, string | Uint8Array, string, RegExp, object][] = [
  [
    "whole European numbers, or three decimals",
    "a;b\n1.234;5.678\n2.345;6.789\n",
    "AMBIGUOUS_FILE",
    /1\.234 \(`decimal` "\."\).*1234 \(`thousands` "\."\)/,
    {},
  ],
  [
    "thousands, or three decimals",
    "a;b\n1,234;5,678\n2,345;6,789\n",
    "AMBIGUOUS_FILE",
    /`decimal` ",".*`thousands` ","/,
    {},
  ],
  [
    "quoted thousands, or three decimals",
    'a,b\n"1,234",5\n"2,345",6\n',
    "AMBIGUOUS_FILE",
    /`decimal`.*`thousands`|`thousands`.*`decimal`/,
    {},
  ],
  [
    "two columns, or a decimal comma",
    "1,25\n2,50\n3,75\n",
    "AMBIGUOUS_FILE",
    /\[1 \| 25\]|\[2 \| 50\].*`delimiter` ",".*`decimal` ","/,
    {},
  ],
  ["three columns, or thousands", "1,234,567\n2,345,678\n", "AMBIGUOUS_FILE", /`delimiter` ",".*`thousands` ","/, {}],
  [
    "years among numbers like them",
    `region,2023,2024,2025\n${lines(6, (row) => `r${row},${1500 + 300 * row},${2100 + row},${2600 - 200 * row}`)}\n`,
    "AMBIGUOUS_FILE",
    /`header: true`.*`header: false`/,
    {},
  ],
  ["lists of different lengths", 'v\n"[1, 2]"\n"[3, 4, 5]"\n', "BAD_FILE", /a list of 2 numbers.*line 3/, {}],
  ["a title above the table", "Report of Monday\na,b\n1,2\n3,4\n", "BAD_FILE", /`skip`/, {}],
  ["remarks between rows", "a,b\n1,2\n! check\n3,4\n", "BAD_FILE", /line 3.*`comment`|`comment`.*line 3/, {}],
  ["an unknown token", "a,b\n1,2\n3,missing\n4,5\n", "BAD_FILE", /"missing" in line 3.*`na`/, {}],
  ["zero bytes", Buffer.from("a,b\n1,\0\0\0\n"), "BAD_FILE", /zero bytes/, {}],
  ["a header alone", "a,b\n", "BAD_FILE", /at least one column of numbers/, {}],
  [
    "amounts with their units",
    `price,share\n${lines(6, (row) => `$${row}.50,${row}%`)}\n`,
    "BAD_FILE",
    /price \(text, e\.g\. "\$0\.50"; `columns` name=regexp_replace.*share \(text, e\.g\. "0%"/,
    {},
  ],
  ["a header in the midst", "x,y\n1,2\n3,4\nx,y\n5,6\n", "BAD_FILE", /line 4 has the names of the columns again/, {}],
  ["a footer", "x,y\n1,2\n3,4\nSource: a book\n", "BAD_FILE", /line 4, got 1;.*`limit` 2/, {}],
  [
    "decimal commas between commas",
    "x,y\n1,5,2,25\n3,5,4,75\n5,5,6,25\n",
    "BAD_FILE",
    /expected 4 names in line 1.*got 2; if commas are decimal signs too/,
    {},
  ],
  ["UTF-32", Buffer.from("\xff\xfe\0\0a\0\0\0", "latin1"), "BAD_FILE", /UTF-32; save it as UTF-8/, {}],
  ["a list of objects", '[{"x":1},{"x":2}]', "BAD_FILE", /line 1.*jq -c/, { format: "ndjson" }],
  ["an object on several lines", '{\n"x": 1\n}\n', "BAD_FILE", /line 1.*jq -c/, { format: "ndjson" }],
  [
    "an expression with a column that is a word of SQL",
    "at,x\n1:30 PM,1\n2:00 PM,2\n",
    "INVALID_OPTION",
    /DuckDB says: .*; write the column at in double quotes\.$/,
    { columns: ["t=length(at)"] },
  ],
  [
    "rows that each lack a number",
    "x,y\n1,\n2,\n,3\n",
    "EMPTY_DATA",
    /\(column "y" has one in 1 of its rows\), got 3 rows that each lack one/,
    { missing: "drop" },
  ],
  [
    "an option of texts for another format",
    "{}",
    "INVALID_OPTION",
    /`decimal`.*ndjson/,
    { format: "ndjson", decimal: "," },
  ],
  ["a delimiter of two characters", "a,b\n1,2\n", "INVALID_OPTION", /`delimiter`/, { delimiter: ";;" }],
];

describe("files that are refused, with the option that helps", () => {
  test.each(REFUSED)("%s", async (_, text, code, message, options) => {
    const error = await failureOf(readPoints(await save(text), options));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test.each([
    ["book.xlsx", /save the sheet as CSV/],
    ["rows.json", /an object a line/],
    ["rows.csv.bz2", /unpack it/],
    ["rows.pkl", /\.npy/],
    ["rows.sas7bdat", /CSV or Parquet/],
    ["rows.data", /name its `format`/],
  ])("%s, with what to do", async (name, message) => {
    const error = await failureOf(readPoints(await save("1,2\n", name)));
    expect(error.code).toBe("UNKNOWN_FORMAT");
    expect(error.message).toMatch(message);
  });

  test("and read with it", async () => {
    const ambiguous = await save("a;b\n1.234;5.678\n2.345;6.789\n");
    expect(rowsOf((await readPoints(ambiguous, { decimal: "." })).tiles)[0]).toEqual([1.234, 5.678]);
    expect(rowsOf((await readPoints(ambiguous, { thousands: "." })).tiles)[0]).toEqual([1234, 5678]);
    const two = await save("7,25\n2,50\n3,75\n");
    expect(rowsOf((await readPoints(two, { delimiter: "," })).tiles)[0]).toEqual([7, 25]);
    expect(rowsOf((await readPoints(two, { decimal: "," })).tiles)[0]).toEqual([7.25]);
    const three = await save("1,234,567\n2,345,678\n");
    expect(rowsOf((await readPoints(three, { delimiter: "," })).tiles)[0]).toEqual([1, 234, 567]);
    expect(rowsOf((await readPoints(three, { thousands: "," })).tiles)[0]).toEqual([1234567]);
    const years = await save(
      `2023,2024,2025\n${lines(6, (row) => `${1500 + 300 * row},${2100 + row},${2600 - 200 * row}`)}\n`,
    );
    expect((await readPoints(years, { header: true })).rows).toBe(6);
    expect((await readPoints(years, { header: false })).rows).toBe(7);
  });
});

describe("files whose beginning does not tell all", () => {
  test("a column that is empty for long", async () => {
    const text = `a,b\n${lines(60_000, (row) => `${row % 7},${row < 50_000 ? "" : row / 4}`)}\n`;
    const { columns, dropped, rows } = await readPoints(await save(text), { missing: "drop" });
    expect({ columns, rows, dropped }).toEqual({ columns: ["a", "b"], rows: 60_000, dropped: 50_000 });
  });

  test("a decimal comma that comes late", async () => {
    const text = `a;b\n${lines(60_000, (row) => `${row % 7};${row < 40_000 ? row : `${row},5`}`)}\n`;
    expect(rowsOf((await readPoints(await save(text))).tiles).at(-1)).toEqual([59_999 % 7, 59_999.5]);
  });

  test("five thousand columns", async () => {
    const row = (value: number) => lines(5000, (column) => String(value + column)).replaceAll("\n", ",");
    const { tiles } = await readPoints(await save(`${row(0).replace(/\d+/g, "c$&")}\n${row(1)}\n${row(2)}\n`));
    expect(tiles.features).toBe(5000);
    expect(rowsOf(tiles)[1][4999]).toBe(5001);
  });

  test("whole numbers beyond what a double holds are said", async () => {
    const { reading } = await readPoints(await save("a,b\n9007199254740993,1\n9007199254740995,2\n"));
    expect(readingLine(reading)).toMatch(/a: integers beyond 2\^53 are rounded/);
  });

  test("tells truth values and codes", async () => {
    const rows = lines(6, (row) => `${row}.5,${row % 2 === 0},0${row}123`);
    const { reading } = await readPoints(await save(`x,flag,zip\n${rows}\n`));
    expect(readingLine(reading)).toMatch(/flag \(true as 1, false as 0\)/);
    expect(readingLine(reading)).toMatch(/zip: whole numbers with leading zeros, as codes have/);
  });
});
