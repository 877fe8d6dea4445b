/** Maps values with at most so many calls at once, in order; the first failure ends it. */
export async function mapConcurrently<Value, Result>(
  values: readonly Value[],
  concurrency: number,
  work: (value: Value, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(values.length);
  const queue = values.entries();
  let isFailed = false;
  const run = async (): Promise<void> => {
    for (const [index, value] of queue) {
      if (isFailed) return;
      try {
        results[index] = await work(value, index);
      } catch (error) {
        isFailed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.min(concurrency, values.length) }, run);
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === 'rejected') throw end.reason as Error;
  return results;
}
