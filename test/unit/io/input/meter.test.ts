import { EmixError } from "@emix/core";
import { describe, expect, test } from "vitest";
import { Meter } from "../../../../packages/io/src/input/meter.ts";

describe("a meter", () => {
  test("never falls, whatever the passes say, and ends at 1", () => {
    const told: number[] = [];
    const meter = new Meter("a.csv", { onProgress: ({ fraction }) => void told.push(fraction) });
    meter.begin(0.2, () => 0.5);
    meter.check();
    meter.begin(1, () => 0);
    meter.check();
    meter.end();
    meter.end();
    expect(told).toEqual([0.1, 1]);
  });

  test("throws ABORTED once its signal has fired, and what the watcher throws", () => {
    const controller = new AbortController();
    const meter = new Meter("a.csv", { signal: controller.signal });
    meter.check();
    controller.abort();
    expect(meter.check).toThrow(expect.objectContaining({ code: "ABORTED", details: { path: "a.csv" } }));
    const failing = new Meter("a.csv", {
      onProgress: () => {
        throw new Error("mine");
      },
    });
    failing.begin(1, () => 0.5);
    expect(failing.check).toThrow("mine");
    expect(failing.check).not.toThrow(EmixError);
  });
});
