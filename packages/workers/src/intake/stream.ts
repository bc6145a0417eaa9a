import type { LoadOptions, SignalOption } from "../engine/methods/options.ts";
import { abortedWork } from "../errors.ts";
import type { LoadedPoints } from "../loaded-points.ts";
import { yieldToEvents } from "../pause.ts";
import type { PointsPiece, PointsReceiver } from "./receiver.ts";

/** Is this something that gives pieces of points one after the other? */
export function isStream(points: unknown): points is AsyncIterable<PointsPiece> {
  return typeof points === "object" && points !== null && Symbol.asyncIterator in points;
}

/** Writes all pieces of a stream, and closes it if its points are refused or the signal fires. */
export async function receiveAll(
  receiver: PointsReceiver,
  pieces: AsyncIterable<PointsPiece>,
  options: LoadOptions & SignalOption,
): Promise<LoadedPoints> {
  const iterator = pieces[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = await orAborted(iterator.next(), options.signal);
      if (piece.done) return await receiver.end(options);
      receiver.write(piece.value);
      await yieldToEvents();
    }
  } catch (error) {
    // Nobody waits for a stream that may never answer.
    iterator.return?.().catch(() => {});
    throw error;
  }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  if (signal.aborted) throw abortedWork(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortedWork(signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
