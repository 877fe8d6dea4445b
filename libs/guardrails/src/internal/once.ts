/** Makes a value on first use and gives the same from then on; a failure is forgotten, so that the next use tries again. */
export function createOnce<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () =>
    (value ??= make().catch((error: unknown) => {
      value = undefined;
      throw error;
    }));
}
