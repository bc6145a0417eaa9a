/** Runs some work, yields what it tells as soon as it does, and returns its result. */
export async function* listenTo<T, R>(work: (tell: (value: T) => void) => Promise<R>): AsyncGenerator<T, R> {
  const values: T[] = [];
  let wake = () => {};
  let ended = false;
  const result = work((value) => {
    values.push(value);
    wake();
  }).finally(() => {
    ended = true;
    wake();
  });
  // The work may fail before anyone awaits it. Whoever awaits it later still sees the failure.
  result.catch(() => {});
  try {
    while (!ended || values.length > 0) {
      yield* values.splice(0);
      if (ended || values.length > 0) continue; // more came while the consumer had the others
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    await Promise.allSettled([result]);
  }
  return result;
}
