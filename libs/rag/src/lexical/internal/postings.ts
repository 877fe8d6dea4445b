/** The texts that hold each term, by slot, and how often in each field: lists in common arrays, by number. */
export interface Postings {
  /** Makes an empty list and returns its number. */
  open(): number;
  /** Gives a list back. */
  close(list: number): void;
  /** Empties all lists. */
  clear(): void;
  /** Adds a slot greater than all before, with its counts: one for each field, from `from` on. */
  push(list: number, slot: number, counts: Int32Array, from: number): void;
  lengthOf(list: number): number;
  /** Of how many texts in the list {@link Postings.forget} was not told. */
  documentsOf(list: number): number;
  /** Counts one text less; its entry stays. Returns how many are left. */
  forget(list: number): number;
  /** Shape: [length], ascending. Valid until the next change. */
  slotsOf(list: number): Int32Array;
  /** Shape: [length × fields]. Valid until the next change. */
  frequenciesOf(list: number): Uint16Array;
  /** The place of a slot in a list; −1 where the text does not hold the term. */
  find(list: number, slot: number): number;
}

const FIRST_CAPACITY = 4;
const FIRST_LISTS = 256;
const FIRST_ENTRIES = 4096;
const MAX_FREQUENCY = 65_535;
/** Of each list: where it begins, how many entries it has, for how many there is room, and how many texts were forgotten. */
const [START, LENGTH, CAPACITY, FORGOTTEN, STRIDE] = [0, 1, 2, 3, 4];

/**
 * Creates an empty set of lists.
 *
 * A list that outgrows its place moves to one of twice the size; the place it leaves is given to the next list of that size.
 */
export function createPostings(fields: number): Postings {
  let heads = new Int32Array(FIRST_LISTS * STRIDE);
  let slots = new Int32Array(FIRST_ENTRIES);
  let frequencies = new Uint16Array(FIRST_ENTRIES * fields);
  let lists = 0;
  let end = 0;
  const freeLists: number[] = [];
  /** Places that lists have left, by their capacity. */
  let freePlaces = new Map<number, number[]>();

  const take = (capacity: number): number => {
    const free = freePlaces.get(capacity)?.pop();
    if (free !== undefined) return free;
    const start = end;
    end += capacity;
    if (end > slots.length) {
      const room = Math.max(end, slots.length * 2);
      const moreSlots = new Int32Array(room);
      moreSlots.set(slots);
      slots = moreSlots;
      const moreFrequencies = new Uint16Array(room * fields);
      moreFrequencies.set(frequencies);
      frequencies = moreFrequencies;
    }
    return start;
  };
  const leave = (start: number, capacity: number): void => {
    if (capacity === 0) return;
    const places = freePlaces.get(capacity);
    if (places === undefined) freePlaces.set(capacity, [start]);
    else places.push(start);
  };
  const grow = (head: number): void => {
    const start = heads[head + START] ?? 0;
    const length = heads[head + LENGTH] ?? 0;
    const capacity = heads[head + CAPACITY] ?? 0;
    const larger = Math.max(FIRST_CAPACITY, capacity * 2);
    const place = take(larger);
    slots.copyWithin(place, start, start + length);
    frequencies.copyWithin(place * fields, start * fields, (start + length) * fields);
    leave(start, capacity);
    heads[head + START] = place;
    heads[head + CAPACITY] = larger;
  };
  const startOf = (list: number): number => heads[list * STRIDE + START] ?? 0;
  const lengthOf = (list: number): number => heads[list * STRIDE + LENGTH] ?? 0;

  return {
    open() {
      const list = freeLists.pop() ?? lists;
      if (list === lists) lists += 1;
      if (lists * STRIDE > heads.length) {
        const more = new Int32Array(heads.length * 2);
        more.set(heads);
        heads = more;
      }
      return list;
    },
    close(list) {
      const head = list * STRIDE;
      leave(heads[head + START] ?? 0, heads[head + CAPACITY] ?? 0);
      heads.fill(0, head, head + STRIDE);
      freeLists.push(list);
    },
    clear() {
      heads.fill(0);
      freePlaces = new Map();
      end = 0;
    },
    push(list, slot, counts, from) {
      const head = list * STRIDE;
      const length = heads[head + LENGTH] ?? 0;
      if (length === heads[head + CAPACITY]) grow(head);
      const place = (heads[head + START] ?? 0) + length;
      slots[place] = slot;
      for (let field = 0; field < fields; field += 1)
        frequencies[place * fields + field] = Math.min(MAX_FREQUENCY, counts[from + field] ?? 0);
      heads[head + LENGTH] = length + 1;
    },
    lengthOf,
    documentsOf: (list) => lengthOf(list) - (heads[list * STRIDE + FORGOTTEN] ?? 0),
    forget(list) {
      const cell = list * STRIDE + FORGOTTEN;
      const forgotten = (heads[cell] ?? 0) + 1;
      heads[cell] = forgotten;
      return lengthOf(list) - forgotten;
    },
    slotsOf: (list) => slots.subarray(startOf(list), startOf(list) + lengthOf(list)),
    frequenciesOf: (list) =>
      frequencies.subarray(startOf(list) * fields, (startOf(list) + lengthOf(list)) * fields),
    find(list, slot) {
      const start = startOf(list);
      let low = start;
      let high = start + lengthOf(list) - 1;
      while (low <= high) {
        const middle = (low + high) >> 1;
        const found = slots[middle] ?? 0;
        if (found === slot) return middle - start;
        if (found < slot) low = middle + 1;
        else high = middle - 1;
      }
      return -1;
    },
  };
}
