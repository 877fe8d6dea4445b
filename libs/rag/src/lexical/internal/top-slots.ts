/** Keeps the best few of many scores. */
export interface TopSlots {
  /** What a score must exceed to be kept. */
  readonly floor: number;
  offer(slot: number, score: number): void;
  /** Best first; equal ones in the order of their slots. */
  take(): { slot: number; score: number }[];
}

/** Creates an empty selection: a heap whose root is the worst that is kept. */
export function createTopSlots(capacity: number): TopSlots {
  const slots: number[] = [];
  const scores: number[] = [];
  const isWorse = (a: number, b: number): boolean => {
    const difference = (scores[a] ?? 0) - (scores[b] ?? 0);
    return difference < 0 || (difference === 0 && (slots[a] ?? 0) > (slots[b] ?? 0));
  };
  const swap = (a: number, b: number): void => {
    [slots[a], slots[b]] = [slots[b] ?? 0, slots[a] ?? 0];
    [scores[a], scores[b]] = [scores[b] ?? 0, scores[a] ?? 0];
  };
  const sink = (): void => {
    let place = 0;
    for (;;) {
      const left = place * 2 + 1;
      const right = left + 1;
      let worst = place;
      if (left < slots.length && isWorse(left, worst)) worst = left;
      if (right < slots.length && isWorse(right, worst)) worst = right;
      if (worst === place) return;
      swap(place, worst);
      place = worst;
    }
  };
  return {
    get floor() {
      return slots.length < capacity ? 0 : (scores[0] ?? Infinity);
    },
    offer(slot, score) {
      if (capacity <= 0) return;
      if (slots.length < capacity) {
        let place = slots.length;
        slots.push(slot);
        scores.push(score);
        while (place > 0) {
          const parent = (place - 1) >> 1;
          if (!isWorse(place, parent)) return;
          swap(place, parent);
          place = parent;
        }
        return;
      }
      if (score <= (scores[0] ?? 0)) return;
      slots[0] = slot;
      scores[0] = score;
      sink();
    },
    take: () =>
      slots
        .map((slot, n) => ({ slot, score: scores[n] ?? 0 }))
        .sort((a, b) => b.score - a.score || a.slot - b.slot),
  };
}
