/**
 * Runs several tasks, at most `limit` of them at a time, and waits for them. Once one has failed, no other begins.
 * out: the results, in order
 * @throws the failure of the first one that failed
 */
export async function atMost<T>(limit: number, things: readonly (() => Promise<T>)[]): Promise<T[]> {
  const settled: PromiseSettledResult<T>[] = [];
  let next = 0;
  const takeTurns = async () => {
    for (let own = next++; own < things.length; own = next++) {
      [settled[own]] = await Promise.allSettled([things[own]()]);
      if (settled[own].status === "rejected") next = things.length;
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, things.length) }, takeTurns));
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}
