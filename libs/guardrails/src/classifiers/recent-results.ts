/** Keeps the results of the last few inputs. */
export interface RecentResults<Value> {
  /** The result for `key`; `make` gives it where it is not kept. */
  get(key: string, make: () => Value): Value;
  delete(key: string): void;
}

/** Keeps the results of the `capacity` inputs that were asked for last. */
export function createRecentResults<Value>(capacity: number): RecentResults<Value> {
  const kept = new Map<string, Value>();
  return {
    get(key, make) {
      const known = kept.get(key);
      if (known !== undefined) {
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const value = make();
      kept.set(key, value);
      for (const oldest of kept.keys()) {
        if (kept.size <= capacity) break;
        kept.delete(oldest);
      }
      return value;
    },
    delete: (key) => {
      kept.delete(key);
    },
  };
}
