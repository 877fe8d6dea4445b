/** The texts that hold a term, by slot, and how often in each field. */
export interface Postings {
  readonly length: number;
  /** Shape: [length], ascending. */
  readonly slots: Int32Array;
  /** Shape: [length × fields]. */
  readonly frequencies: Uint16Array;
  push(slot: number, counts: readonly number[]): void;
  /** The place of a slot; −1 where the text does not hold the term. */
  find(slot: number): number;
  /** What is computed of them, kept until the index changes. */
  impacts:
    | { readonly version: number; readonly values: Float32Array; readonly largest: number }
    | undefined;
}

const FIRST_CAPACITY = 4;
const MAX_FREQUENCY = 65_535;

/** Creates the empty postings of a term. */
export function createPostings(fields: number): Postings {
  let slots = new Int32Array(FIRST_CAPACITY);
  let frequencies = new Uint16Array(FIRST_CAPACITY * fields);
  let length = 0;
  return {
    impacts: undefined,
    get length() {
      return length;
    },
    get slots() {
      return slots;
    },
    get frequencies() {
      return frequencies;
    },
    push(slot, counts) {
      if (length === slots.length) {
        const larger = new Int32Array(length * 2);
        larger.set(slots);
        slots = larger;
        const more = new Uint16Array(length * 2 * fields);
        more.set(frequencies);
        frequencies = more;
      }
      slots[length] = slot;
      for (let field = 0; field < fields; field += 1) {
        frequencies[length * fields + field] = Math.min(MAX_FREQUENCY, counts[field] ?? 0);
      }
      length += 1;
    },
    find(slot) {
      let low = 0;
      let high = length - 1;
      while (low <= high) {
        const middle = (low + high) >> 1;
        const found = slots[middle] ?? 0;
        if (found === slot) return middle;
        if (found < slot) low = middle + 1;
        else high = middle - 1;
      }
      return -1;
    },
  };
}
