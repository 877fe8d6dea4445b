/** A value that is made on first use; a failure is forgotten, so that the next use tries again. */
export interface Lazy<Value> {
  get(): Promise<Value>;
  /** The value where it was asked for already. */
  peek(): Promise<Value> | undefined;
}

/** Creates a value that `make` makes on first use. */
export function createLazy<Value>(make: () => Promise<Value>): Lazy<Value> {
  let value: Promise<Value> | undefined;
  return {
    get() {
      value ??= make().catch((error: unknown) => {
        value = undefined;
        throw error;
      });
      return value;
    },
    peek: () => value,
  };
}
