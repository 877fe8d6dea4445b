/** Keeps the best few of many scores. */
export interface TopSlots {
  /** What a score must exceed to be kept. */
  readonly floor: number;
  /** Takes a slot greater than all before with its score, and returns the floor. */
  offer(slot: number, score: number): number;
  /** Best first; equal ones in the order of their slots. */
  take(): { slot: number; score: number }[];
}

/** Creates an empty selection: a heap whose root is the worst that is kept. */
export function createTopSlots(capacity: number): TopSlots {
  const slots = new Int32Array(capacity);
  const scores = new Float64Array(capacity);
  let size = 0;
  /** Of equal scores the later slot is the worse. */
  const isWorse = (place: number, score: number, slot: number): boolean => {
    const own = scores[place] ?? 0;
    return own < score || (own === score && (slots[place] ?? 0) > slot);
  };
  const put = (place: number, slot: number, score: number): void => {
    slots[place] = slot;
    scores[place] = score;
  };
  const floorOf = (): number => (size < capacity ? 0 : (scores[0] ?? Infinity));
  const rise = (slot: number, score: number): void => {
    let place = size;
    size += 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (isWorse(parent, score, slot)) break;
      put(place, slots[parent] ?? 0, scores[parent] ?? 0);
      place = parent;
    }
    put(place, slot, score);
  };
  const sink = (slot: number, score: number): void => {
    let place = 0;
    for (;;) {
      const left = place * 2 + 1;
      if (left >= capacity) break;
      const right = left + 1;
      const isRight = right < capacity && isWorse(right, scores[left] ?? 0, slots[left] ?? 0);
      const worse = isRight ? right : left;
      if (!isWorse(worse, score, slot)) break;
      put(place, slots[worse] ?? 0, scores[worse] ?? 0);
      place = worse;
    }
    put(place, slot, score);
  };
  return {
    get floor() {
      return floorOf();
    },
    offer(slot, score) {
      if (size < capacity) rise(slot, score);
      else if (capacity > 0 && score > (scores[0] ?? 0)) sink(slot, score);
      return floorOf();
    },
    take: () =>
      Array.from(slots.subarray(0, size), (slot, n) => ({ slot, score: scores[n] ?? 0 })).sort(
        (a, b) => b.score - a.score || a.slot - b.slot,
      ),
  };
}
