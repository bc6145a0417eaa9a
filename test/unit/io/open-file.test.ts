import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { failureOf, npyBytes, readPoints, rowsOf, temporaryFolder } from "../../support/io-files.ts";

const folder = temporaryFolder();

describe("openFile", () => {
  test("a missing file", async () => {
    for (const path of ["/nowhere/at/all.csv", "/dev/null/x.csv", "nothing.npy"]) {
      const error = await failureOf(readPoints(path));
      expect(error.code).toBe("FILE_NOT_FOUND");
      expect(error.message).toContain(path);
    }
  });

  test("a folder or a device", async () => {
    const inside = await folder.write("a.csv", "a\n1\n");
    await mkdir(join(dirname(inside), "folder.csv"));
    for (const path of [join(dirname(inside), "folder.csv"), "/dev/null"]) {
      expect((await failureOf(readPoints(path))).code).toBe("BAD_FILE");
    }
  });

  test("an empty file, whatever its format", async () => {
    for (const name of ["empty.csv", "empty.parquet", "empty.npy"]) {
      expect((await failureOf(readPoints(await folder.write(name, "")))).code).toBe("EMPTY_DATA");
    }
  });

  test("the format comes from the extension or is told", async () => {
    const path = await folder.write("points.XYZ", "a,b\n1,2\n");
    const error = await failureOf(readPoints(path));
    expect(error.code).toBe("UNKNOWN_FORMAT");
    expect(error.message).toMatch(/\.csv, \.tsv, .*\.parquet, .*\.npy/);
    expect(rowsOf((await readPoints(path, { format: "csv" })).tiles)).toEqual([[1, 2]]);
    const upper = await folder.write("POINTS.CSV", "a,b\n1,2\n");
    expect(rowsOf((await readPoints(upper)).tiles)).toEqual([[1, 2]]);
  });

  test("a file of another format than told", async () => {
    const csv = await folder.write("b.csv", "a,b\n1,2\n");
    const npy = await folder.write("b.npy", npyBytes({ descr: "|u1", shape: "(2,)", data: new Uint8Array(2) }));
    for (const [path, format] of [
      [csv, "npy"],
      [csv, "parquet"],
      [npy, "csv"],
    ] as const) {
      expect((await failureOf(readPoints(path, { format }))).code).toBe("BAD_FILE");
    }
  });

  test.each([
    [{ format: "xlsx" }, "INVALID_OPTION"],
    [{ columns: [] }, "INVALID_OPTION"],
    [{ columns: "a" }, "INVALID_OPTION"],
    [{ weightColumn: 3 }, "INVALID_OPTION"],
    [{ missing: "fill" }, "INVALID_OPTION"],
    [{ dtype: "f16" }, "INVALID_OPTION"],
    [{ limit: 0 }, "INVALID_OPTION"],
    [{ header: "yes" }, "INVALID_OPTION"],
    [{ column: ["a"] }, "UNKNOWN_OPTION"],
    [{ onProgress: 3 }, "INVALID_OPTION"],
    [{ onStep: () => {} }, "UNKNOWN_OPTION"],
  ])("options are checked: %o", async (options, code) => {
    const path = await folder.write("c.csv", "a\n1\n");
    expect((await failureOf(readPoints(path, options as object))).code).toBe(code);
  });

  test("the last tile is filled up with a real point", async () => {
    const { tiles } = await readPoints(await folder.write("f.csv", "a,b\n5,6\n7,8\n"));
    expect([...tiles.data.subarray(0, 4)]).toEqual([5, 7, 5, 5]);
  });
});
