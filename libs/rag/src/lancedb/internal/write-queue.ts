/** One piece of work of a {@link WriteQueue}. */
interface Task<Item> {
  readonly items: readonly Item[];
  /** Undefined for work that is done alone. */
  readonly alone: (() => Promise<unknown>) | undefined;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Runs writes one after the other, and those that only add in common batches. */
export interface WriteQueue<Item> {
  /** Adds items; resolves when they are written. Calls that wait at the same time share one write. */
  add(items: readonly Item[]): Promise<void>;
  /** Runs work that shares with nothing, in its turn. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when all that was asked for is done. */
  settle(): Promise<void>;
}

/** Creates a queue whose batches have at most `maxItems`, unless a single call brings more. */
export function createWriteQueue<Item>(options: {
  maxItems: number;
  write: (items: readonly Item[]) => Promise<void>;
}): WriteQueue<Item> {
  const tasks: Task<Item>[] = [];
  let running: Promise<void> | undefined;

  const takeBatch = (): Task<Item>[] => {
    const batch: Task<Item>[] = [];
    let size = 0;
    for (let task = tasks[0]; task !== undefined && task.alone === undefined; task = tasks[0]) {
      if (batch.length > 0 && size + task.items.length > options.maxItems) break;
      size += task.items.length;
      batch.push(task);
      tasks.shift();
    }
    return batch;
  };
  const drain = async (): Promise<void> => {
    for (let first = tasks[0]; first !== undefined; first = tasks[0]) {
      const batch = first.alone === undefined ? takeBatch() : tasks.splice(0, 1);
      try {
        const value = await (first.alone === undefined
          ? options.write(batch.flatMap(({ items }) => items))
          : first.alone());
        for (const task of batch) task.resolve(value);
      } catch (error) {
        for (const task of batch) task.reject(error);
      }
    }
    running = undefined;
  };
  const push = (items: readonly Item[], alone?: () => Promise<unknown>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      tasks.push({ items, alone, resolve, reject });
      // Calls of the same turn still join the first batch.
      running ??= Promise.resolve().then(drain);
    });

  return {
    add: async (items) => {
      await push(items);
    },
    alone: (work) => push([], work) as Promise<Awaited<ReturnType<typeof work>>>,
    settle: async () => {
      await running;
    },
  };
}
