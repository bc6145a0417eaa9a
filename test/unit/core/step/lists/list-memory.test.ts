import { expect, test } from "vitest";
import { planLists } from "../../../../../packages/core/src/step/lists/list-memory.ts";

const stars = { features: 2, components: 100_000, covarianceType: "full", dtype: "f64", tileSize: 64 } as const;

test("lists of few tiles may hold a sixteenth of many components, those of many tiles 1,024", () => {
  const capacityOf = (count: number) => planLists(count, stars)?.capacity;
  expect(capacityOf(64_000)).toBe(6250);
  expect(capacityOf(64 * 2048)).toBe(4096);
  expect(capacityOf(64 * 4096)).toBe(2048);
  expect(capacityOf(10_000_000)).toBe(1024);
});
