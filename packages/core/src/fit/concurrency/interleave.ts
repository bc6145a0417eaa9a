/**
 * Runs several generators at once, at most `limit` of them, and yields their values as they come. The order of the
 * values depends on timing; what each generator does must not.
 */
export async function* interleave<T>(
  generators: readonly AsyncGenerator<T, void>[],
  limit: number,
): AsyncGenerator<T, void> {
  const waiting = generators.slice(limit);
  const next = (generator: AsyncGenerator<T, void>) => {
    const step = generator.next().then((result) => ({ generator, result }));
    // It may fail while the consumer is busy, before anyone awaits it. The race still sees the failure.
    step.catch(() => undefined);
    return step;
  };
  const pending = new Map(generators.slice(0, limit).map((generator) => [generator, next(generator)]));
  try {
    while (pending.size > 0) {
      const { generator, result } = await Promise.race(pending.values());
      pending.delete(generator);
      const going = result.done ? waiting.shift() : generator;
      if (going !== undefined) pending.set(going, next(going));
      if (!result.done) yield result.value;
    }
  } finally {
    // After a failure, or if nobody wants more, wait for the others to end, so that no failure goes unhandled.
    await Promise.allSettled(pending.values());
    await Promise.allSettled(generators.map((generator) => generator.return()));
  }
}
