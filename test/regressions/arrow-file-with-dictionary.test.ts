import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { numberAt } from "@emix/core";
import { openFile } from "@emix/io";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterAll, expect, test } from "vitest";

// A file of Arrow with a column of few distinct texts, as pandas writes categories, was refused: "Expected
// DictionaryBatch Message in stream".

const folder = mkdtempSync(join(tmpdir(), "emix-dictionary-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(["file", "stream"] as const)("an Arrow %s with a dictionary is read, its texts too", async (kind) => {
  const names = Array.from({ length: 3000 }, (_, i) => `name ${i % 7}`);
  const numbers = Float64Array.from(names, (_, i) => (i * i) % 11);
  const path = join(folder, `${kind}.arrow`);
  writeFileSync(path, tableToIPC(tableFromArrays({ number: numbers, name: names }), kind));
  const file = await openFile(path);
  try {
    expect(file.columns).toEqual(["number"]);
    expect(await file.count("error")).toEqual({ rows: 3000, complete: null });
    const texts: (string | null)[] = [];
    for await (const { columns } of file.texts(["name"])) texts.push(...columns[0]);
    expect(texts).toEqual(names);
    const values: number[] = [];
    for await (const batch of file.batches(3000)) {
      for (let row = 0; row < batch.rowCount; row++) values.push(numberAt(batch, row, 0));
    }
    expect(values).toEqual([...numbers]);
  } finally {
    await file.close();
  }
});
