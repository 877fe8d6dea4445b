/** One text of the index. */
export interface IndexedText {
  readonly id: string;
  /** The numbers of its words, field after field. */
  readonly words: Int32Array;
  /** How many of them each field has. */
  readonly lengths: readonly number[];
}

/** The texts of an index, each in a slot; slots only grow until all are counted anew. */
export interface DocumentSlots {
  readonly size: number;
  /** Slots in use and given up. */
  readonly end: number;
  readonly texts: readonly (IndexedText | undefined)[];
  /** Shape: [at least end × fields]; the lengths again, −1 in slots that were given up. */
  readonly lengths: Float32Array;
  /** The sum of lengths of each field. */
  readonly totals: readonly number[];
  slotOf(id: string): number | undefined;
  add(text: IndexedText): number;
  remove(id: string): IndexedText | undefined;
  clear(): void;
}

const FIRST_CAPACITY = 64;

/** Creates slots without a text. */
export function createDocumentSlots(fields: number): DocumentSlots {
  const slots = new Map<string, number>();
  const texts: (IndexedText | undefined)[] = [];
  let lengths = new Float32Array(FIRST_CAPACITY * fields);
  const totals = new Array<number>(fields).fill(0);
  return {
    texts,
    totals,
    get lengths() {
      return lengths;
    },
    get size() {
      return slots.size;
    },
    get end() {
      return texts.length;
    },
    slotOf: (id) => slots.get(id),
    add(text) {
      const slot = texts.length;
      texts.push(text);
      slots.set(text.id, slot);
      if (texts.length * fields > lengths.length) {
        const larger = new Float32Array(lengths.length * 2);
        larger.set(lengths);
        lengths = larger;
      }
      lengths.set(text.lengths, slot * fields);
      for (const [field, length] of text.lengths.entries())
        totals[field] = (totals[field] ?? 0) + length;
      return slot;
    },
    remove(id) {
      const slot = slots.get(id);
      if (slot === undefined) return undefined;
      const text = texts[slot];
      slots.delete(id);
      texts[slot] = undefined;
      lengths.fill(-1, slot * fields, (slot + 1) * fields);
      for (const [field, length] of (text?.lengths ?? []).entries())
        totals[field] = (totals[field] ?? 0) - length;
      return text;
    },
    clear() {
      slots.clear();
      texts.length = 0;
      totals.fill(0);
    },
  };
}
