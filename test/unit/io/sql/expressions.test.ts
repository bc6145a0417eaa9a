import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { copyToParquet, failureOf, readPoints, rowsOf, temporaryFolder } from "../../../support/io-files.ts";

const folder = temporaryFolder();
const text = () =>
  folder.write("data.csv", "a,b,s,when,yes\n1,2,x1,2001-01-01 05:30:00,true\n3,4,x2,2001-01-02 06:00:00,false\n");

describe("expressions that are refused before any of them runs", () => {
  test.each([
    [
      "a table function that writes a log",
      "(select count(*) from enable_logging('QueryLog', storage='file', storage_path='d.csv'))",
    ],
    ["the same, with another syntax", "(select count(*) from enable_logging(storage:='file', storage_path:='d.csv'))"],
    ["a text of a gigabyte", "length(repeat('a', 1000000000))"],
    ["a list of a hundred million", "len(range(100000000))"],
    ["the same by another name", "len(generate_series(1, 100000000))"],
    ["a padded text", "length(lpad('a', 1000000000, 'b'))"],
    ["a text padded on the right", "length(rpad(s, 1000000000, 'b'))"],
    ["a format that widens", "length(printf('%1000000000d', 1))"],
    ["a format", "length(format('{:>1000000000}', s))"],
    ["a bar", "length(bar(a, 0, 1, 1000000000))"],
    ["a cross join", "(select count(*) from range(100000) x, range(100000) y)"],
    ["a file", "(select count(*) from read_text('/etc/hostname'))"],
    ["a list of files", "(select count(*) from glob('/*'))"],
    ["a variable of the environment", "length(getenv('HOME'))"],
    ["a setting", "length(current_setting('temp_directory'))"],
    ["a star", "*"],
    ["a pattern of columns", "COLUMNS('a')"],
    ["an aggregate", "sum(a)"],
    ["a window", "sum(a) OVER ()"],
    ["a filtered aggregate", "count(a) FILTER (WHERE a > 1)"],
    ["rows for one", "unnest([1, 2])"],
    ["a lambda", "list_sum(list_transform([a], x -> x + 1))"],
    ["another lambda", "list_sum([x + 1 for x in [a]])"],
    ["a list", "[a, b][1]"],
    ["a struct", "struct_extract({'x': a}, 'x')"],
    ["a map", "map([1], [a])[1]"],
    ["a parameter", "$1"],
    ["a cast to a list", "a::INTEGER[]"],
    ["a random number", "random()"],
    ["the time", "epoch(now())"],
    ["an error", "error('x')"],
    ["another schema", "pg_catalog.abs(a)"],
    ["a catalog", "system.main.abs(a)"],
    ["a second statement", "a) FROM (SELECT 1 AS a); SELECT (2"],
    ["another table", "a) FROM (SELECT 1 AS a) WHERE (true"],
    ["two values", "a), (b"],
    ["a union", "a) UNION SELECT (b"],
    ["a growing text", "length(replace(s, 'x', 'xxxxxxxxxxxxxxxx'))"],
    ["a growing text that a column gives", "length(replace(s, 'x', s))"],
    ["much replacing", `length(${"regexp_replace(".repeat(10)}s${", '', 'a', 'g')".repeat(10)})`],
    ["a long text", `length('${"a".repeat(500)}')`],
    ["a long expression", Array(9000).fill("a").join("+")],
    ["many parts", `greatest(${Array(2500).fill("a").join(", ")})`],
    ["a chain of sums, each in the next, that took the database seconds", Array(300).fill("a").join("+")],
    ["deep parentheses", `${"abs(".repeat(2400)}a${")".repeat(2400)}`],
    ["a zero character", "a\0"],
    ["a number beyond doubles", "a < 1e999"],
    ["text", "s"],
    ["a date", '"when" + INTERVAL 1 DAY'],
    ["nothing but a comment", "-- a"],
  ])(
    "%s",
    async (_, expression) => {
      const error = await failureOf(readPoints(await text(), { columns: [`x=${expression}`] }));
      expect(error.code).toBe("INVALID_OPTION");
    },
    20_000,
  );

  test("also where the file is Parquet, again and again, and nothing is written", async () => {
    const path = await copyToParquet("SELECT 1.5 a", await folder.write("a.parquet", ""));
    const before = readdirSync(dirname(path)).length;
    for (let time = 0; time < 20; time++) {
      const log = `x=(select count(*) from enable_logging('QueryLog', storage='file', storage_path='${dirname(path)}'))`;
      expect((await failureOf(readPoints(path, { columns: [log] }))).code).toBe("INVALID_OPTION");
    }
    expect(readdirSync(dirname(path)).length).toBe(before);
    expect(rowsOf((await readPoints(path)).tiles)).toEqual([[1.5]]);
  });

  test("an unknown column, with the one that is near", async () => {
    const error = await failureOf(readPoints(await text(), { columns: ["x=abs(whn)"] }));
    expect(error.code).toBe("UNKNOWN_COLUMN");
    expect(error.details).toMatchObject({ guess: "when" });
  });

  test("all of them, and queries, where `sql` is false", async () => {
    for (const options of [{ columns: ["x=a+1"] }, { query: "SELECT a FROM data" }]) {
      expect((await failureOf(readPoints(await text(), { ...options, sql: false }))).code).toBe("INVALID_OPTION");
    }
    expect((await readPoints(await text(), { columns: ["x=a", "b"], sql: false })).columns).toEqual(["x=a", "b"]);
  });
});

describe("expressions that are taken", () => {
  test.each([
    ["arithmetic", "a * b + 2 ** 3 - 7 % 4", [7, 17]],
    ["functions", "round(sqrt(a * 16), 2)", [4, 6.93]],
    ["conditions", "CASE WHEN a > 1 AND NOT yes THEN 10 ELSE -b END", [-2, 10]],
    ["comparisons are 0 and 1", "a BETWEEN 2 AND 5", [0, 1]],
    ["truth values", "yes", [1, 0]],
    ["dates", 'hour("when") + minute("when") / 60', [5.5, 6]],
    ["parts of dates", 'extract(day FROM "when")', [1, 2]],
    ["texts", "substr(s, 2)::DOUBLE", [1, 2]],
    ["texts without units", "regexp_replace(s, '[a-z]', '', 'g')::DOUBLE", [1, 2]],
    ["membership", "s IN ('x2', 'x3')", [0, 1]],
    ["missing values", "coalesce(nullif(a, 3), 9)", [1, 9]],
    ["a comment at the end", "a -- it is a", [1, 3]],
  ])("%s", async (_, expression, values) => {
    const { tiles, columns } = await readPoints(await text(), { columns: [`x=${expression}`] });
    expect(columns).toEqual([`x=${expression}`]);
    expect(rowsOf(tiles).map(([x]) => x)).toEqual(values);
  });

  test("the same on Parquet", async () => {
    const path = await copyToParquet(
      "SELECT i::DOUBLE a, i > 1 AS yes FROM range(3) r(i)",
      await folder.write("b.parquet", ""),
    );
    const { tiles } = await readPoints(path, { columns: ["a", "yes", "x=a*2"] });
    expect(rowsOf(tiles)).toEqual([
      [0, 0, 0],
      [1, 0, 2],
      [2, 1, 4],
    ]);
  });
});

describe("a query", () => {
  test("over text, Parquet and .npy", async () => {
    const path = await copyToParquet("SELECT i a, i % 3 g FROM range(9) r(i)", await folder.write("c.parquet", ""));
    const query = "SELECT avg(a) AS mean FROM data GROUP BY g ORDER BY g";
    expect(rowsOf((await readPoints(path, { query })).tiles)).toEqual([[3], [4], [5]]);
    const both = "SELECT a + b AS c FROM data WHERE yes";
    expect(rowsOf((await readPoints(await text(), { query: both })).tiles)).toEqual([[3]]);
  });

  test.each([
    ["another file", "SELECT * FROM read_text('/etc/hostname')"],
    ["another file by its name", "SELECT * FROM '/etc/hostname.csv'"],
    ["a log", "SELECT * FROM enable_logging('QueryLog', storage='file', storage_path='x')"],
    ["a change", "CREATE TABLE x AS SELECT 1"],
    ["a copy", "COPY (SELECT 1) TO 'x.csv'"],
    ["two statements", "SELECT 1; SELECT 2"],
    ["no SQL", "give me all"],
  ])("does not reach %s", async (_, query) => {
    const error = await failureOf(readPoints(await text(), { query }));
    expect(error.code).toBe("INVALID_OPTION");
  });
});

test("columns whose names differ in case alone: an expression or a query about them is refused, as SQL has one for both", async () => {
  const path = await folder.write("case.ndjson", '{"A":1,"a":2,"b":3}\n{"A":4,"a":5,"b":6}\n');
  expect(rowsOf((await readPoints(path, { columns: ["A", "q=b+1"] })).tiles)).toEqual([
    [1, 4],
    [4, 7],
  ]);
  for (const options of [{ columns: ["q=A+1"] }, { query: "SELECT A FROM data" }]) {
    const error = await failureOf(readPoints(path, options));
    expect(error.code).toBe("INVALID_OPTION");
    expect(error.message).toContain('SQL does not tell the columns "A" and "a" apart; rename one');
  }
});
