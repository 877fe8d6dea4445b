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
  /** The sum of lengths of each field. */
  readonly totals: readonly number[];
  slotOf(id: string): number | undefined;
  add(text: IndexedText): number;
  remove(id: string): IndexedText | undefined;
  clear(): void;
}

/** Creates slots without a text. */
export function createDocumentSlots(fields: number): DocumentSlots {
  const slots = new Map<string, number>();
  const texts: (IndexedText | undefined)[] = [];
  const totals = new Array<number>(fields).fill(0);
  return {
    texts,
    totals,
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
