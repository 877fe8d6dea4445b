/** A run of chunks of one document. */
export interface ChunkRun {
  first: number;
  last: number;
}

/** Passages that grow as chunks are taken, in the order in which they were begun. */
export interface OpenPassages {
  /** Takes a chunk, and those between it and the passage that it extends; returns which are new. */
  take(index: number): number[];
  list(): readonly Readonly<ChunkRun>[];
}

/** Creates an empty list of passages. */
export function openPassages(options: {
  readonly chunks: readonly { readonly documentId: string }[];
  readonly maxPassages: number;
  readonly reach: number;
}): OpenPassages {
  const { chunks, maxPassages, reach } = options;
  let runs: ChunkRun[] = [];
  const gapTo = (run: ChunkRun, index: number): number =>
    chunks[run.first]?.documentId === chunks[index]?.documentId
      ? Math.max(run.first - index, index - run.last)
      : Infinity;

  /** Makes one of runs that touch; it has the place of the one begun first. */
  const join = (): void => {
    const joined: ChunkRun[] = [];
    for (const run of runs) {
      const near = joined.find(
        (other) =>
          chunks[other.first]?.documentId === chunks[run.first]?.documentId &&
          run.first <= other.last + 1 &&
          other.first <= run.last + 1,
      );
      if (near === undefined) joined.push(run);
      else {
        near.first = Math.min(near.first, run.first);
        near.last = Math.max(near.last, run.last);
      }
    }
    runs = joined;
  };

  return {
    take(index) {
      const near = runs
        .map((run) => ({ run, gap: gapTo(run, index) }))
        .filter(({ gap }) => gap <= reach + 1)
        .sort((a, b) => a.gap - b.gap)[0];
      if (near === undefined) {
        if (runs.length >= maxPassages) return [];
        runs.push({ first: index, last: index });
        return [index];
      }
      if (near.gap <= 0) return [];
      const { run } = near;
      const from = index < run.first ? index : run.last + 1;
      const until = index < run.first ? run.first - 1 : index;
      run.first = Math.min(run.first, index);
      run.last = Math.max(run.last, index);
      const added = Array.from({ length: until - from + 1 }, (_, n) => from + n).filter((at) =>
        runs.every((other) => other === run || at < other.first || at > other.last),
      );
      join();
      return added;
    },
    list: () => runs,
  };
}
