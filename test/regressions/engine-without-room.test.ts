import { createEngine } from "emix";
import { expect, test } from "vitest";

test.each([true, false])(
  "an engine with no room for points opens, and says so when it gets some: offThread %s",
  async (offThread) => {
    await using engine = await createEngine({ threads: 1, offThread, memoryLimit: 1 });
    const points = { data: Float64Array.of(1, 2, 5, 6), features: 1 };
    await expect(engine.fit(points, { components: 2 })).rejects.toMatchObject({ code: "ALLOCATION_FAILED" });
  },
);
