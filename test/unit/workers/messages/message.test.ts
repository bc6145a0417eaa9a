import { once } from "node:events";
import { MessageChannel } from "node:worker_threads";
import { expect, test } from "vitest";
import { fromMessage, type Message, toMessage } from "../../../../packages/workers/src/messages/message.ts";
import type { PassTask } from "../../../../packages/workers/src/messages/protocol.ts";
import type { Pool } from "../../../../packages/workers/src/pool.ts";

async function posted<T>(value: T): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(toMessage(value));
  const [message] = (await once(port2, "message")) as [Message<T>];
  port1.close();
  return fromMessage(message);
}

test("plain data arrive as they were", async () => {
  const value = {
    text: "a",
    none: null,
    list: [1, { flags: Uint16Array.of(1, 2) }],
    map: new Map([["a", 1]]),
    shared: new Float32Array(new SharedArrayBuffer(40), 8, 3).fill(2.5),
    part: Float64Array.of(1, 2, 3, 4).subarray(1, 3),
    empty: new Int32Array(0),
  };
  const arrived = await posted(value);
  expect(arrived).toEqual(value);
  expect(arrived.shared.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(arrived.part.buffer.byteLength).toBe(16);
});

test("shared memory is the same on both sides", async () => {
  const cells = new Int32Array(new SharedArrayBuffer(8));
  const arrived = await posted({ cells });
  arrived.cells[1] = 7;
  expect(cells[1]).toBe(7);
});

test("an array of more than 4 GiB arrives whole", async () => {
  const length = 2 ** 29 + 8;
  // Nobody touches the pages between both ends, so they take no memory.
  const array = new Float64Array(new SharedArrayBuffer(8 * length));
  array[length - 1] = 3;
  const arrived = await posted({ array });
  expect([arrived.array.length, arrived.array[length - 1]]).toEqual([length, 3]);
});

test("a view is no message", () => {
  const post = (pool: Pool, task: PassTask, view: Float64Array) => {
    // @ts-expect-error a task has views
    pool.run(task);
    // @ts-expect-error
    fromMessage(view);
  };
  expect(post).toBeTypeOf("function");
});
