import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PROTOCOL } from "../../../../packages/cluster/src/protocol.ts";
import { readTask } from "../../../../packages/cluster/src/worker/read-task.ts";
import { expectFailure } from "../../../support/failures.ts";
import { law } from "../../../support/laws.ts";

const isKey = (text: unknown): text is string => typeof text === "string" && text.startsWith("emix:data:");
const task = {
  ...{
    protocol: PROTOCOL,
    kind: "sums",
    request: "emix:data:1",
    reply: "emix:data:replies:1",
    id: 7,
    first: 0,
    end: 4,
  },
} as const;

describe("a task", () => {
  test("is read as it was written, without fields that are not its own", () => {
    expect(readTask({ ...task, more: 1 }, isKey)).toEqual(task);
  });

  test("of another version is refused with what to do", () => {
    const other = PROTOCOL + 1;
    const message = new RegExp(`protocol ${PROTOCOL}, got ${other}; run one version of emix`);
    expectFailure(() => readTask({ ...task, protocol: other }, isKey), "CLUSTER_MISMATCH", message);
  });

  test.each([
    [{ kind: "eval" }, /something unknown/],
    [{ request: "other:key" }, /keys/],
    [{ reply: 3 }, /keys/],
    [{ id: -1 }, /keys/],
    [{ first: -1 }, /range/],
    [{ end: 0 }, /range/],
    [{ end: 2 ** 60 }, /range/],
    [{ first: 0.5 }, /range/],
  ])("with %j is none", (change, message) => {
    expectFailure(() => readTask({ ...task, ...change }, isKey), "CLUSTER_MISMATCH", message);
  });

  law("is one, or fails by name, whatever a job holds", hostile(), 1000, (data) => {
    try {
      const { first, end } = readTask(data, isKey);
      expect(end).toBeGreaterThan(first);
    } catch (error) {
      expect(error).toMatchObject({ code: "CLUSTER_MISMATCH" });
    }
  });
});

function hostile() {
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(task)), fc.double());
  const record = fc.record(
    {
      protocol: fc.constantFrom(PROTOCOL, 0, "1"),
      kind: value,
      request: value,
      reply: value,
      id: value,
      first: value,
      end: value,
    },
    { requiredKeys: [] },
  );
  return fc.oneof(
    fc.jsonValue(),
    record,
    record.map((change) => ({ ...task, ...change })),
  );
}
