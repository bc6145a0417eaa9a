/**
 * What comes one after another, each asked for while the one before it is worked on. It ends with the first null, and
 * only once nothing is under way, so that a file may be closed then.
 */
export async function* ahead<T>(take: () => Promise<T | null>): AsyncGenerator<T> {
  let next = take();
  try {
    for (;;) {
      const item = await next;
      if (item === null) return;
      next = take();
      // A failure is thrown where it is awaited; until then, nobody handles it.
      next.catch(() => {});
      yield item;
    }
  } finally {
    await next.catch(() => {});
  }
}
