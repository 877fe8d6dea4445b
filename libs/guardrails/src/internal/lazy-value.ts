/** Makes a value on first use and gives the same from then on. */
export function lazyValue<Value>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= make());
}
