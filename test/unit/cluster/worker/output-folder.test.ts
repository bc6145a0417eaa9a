import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { OutputFolder } from "../../../../packages/cluster/src/worker/output-folder.ts";
import { expectRejection } from "../../../support/failures.ts";

const dir = mkdtempSync(join(tmpdir(), "emix-output-folder-"));
const root = join(dir, "read");
mkdirSync(root);
const folder = await OutputFolder.open(join(dir, "written", "deep"), root);
const write = (path: string) => folder.write(path, (part) => writeFile(part, "new"));

afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("files are written below the folder, as a whole or not at all", async () => {
  await write("a/b.csv");
  expect(readFileSync(join(dir, "written", "deep", "a", "b.csv"), "utf8")).toBe("new");
  const broken = folder.write("a/b.csv", async (part) => {
    await writeFile(part, "half");
    throw new Error("the disk is full");
  });
  await expectRejection(broken, "BAD_FILE", /a\/b\.csv .*the disk is full/);
  expect(readFileSync(join(dir, "written", "deep", "a", "b.csv"), "utf8")).toBe("new");
  expect(readdirSync(join(dir, "written", "deep", "a"))).toEqual(["b.csv"]);
});

test("no path and no link leads out of it", async () => {
  for (const path of ["../x.csv", "a/../../x.csv", "..", ".", "a/../../deep2/x.csv"]) {
    await expectRejection(write(path), "FILE_REFUSED", /below the folder/);
  }
  mkdirSync(join(dir, "elsewhere"));
  symlinkSync(join(dir, "elsewhere"), join(dir, "written", "deep", "out"));
  await expectRejection(write("out/x.csv"), "FILE_REFUSED", /links that lead out/);
  await expectRejection(write("out/further/x.csv"), "FILE_REFUSED");
  expect(readdirSync(join(dir, "elsewhere"))).toEqual([]);
  // A file that is a link is replaced, not followed.
  writeFileSync(join(dir, "secret"), "old");
  symlinkSync(join(dir, "secret"), join(dir, "written", "deep", "link.csv"));
  await write("link.csv");
  expect(readFileSync(join(dir, "secret"), "utf8")).toBe("old");
});

test("it lies apart from what is read", async () => {
  for (const path of [root, join(root, "inside"), dir]) {
    await expectRejection(OutputFolder.open(path, root), "INVALID_OPTION", /apart from `root`/);
  }
});
