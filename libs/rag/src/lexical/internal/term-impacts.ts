import type { DocumentSlots } from './document-slots.js';
import type { Postings } from './postings.js';
import type { Term } from './vocabulary.js';

/** How a field counts. */
export interface FieldWeights {
  readonly weight: number;
  readonly b: number;
}

/** The impacts of one term, without its rarity. */
export interface Impacts {
  readonly values: Float32Array;
  readonly largest: number;
  /** Σ values and Σ values². */
  readonly sum: number;
  readonly squares: number;
}

/**
 * Returns what each text of a term's postings scores for it, without the term's rarity; kept until the index changes.
 *
 * tf = Σ over fields weight · count / (1 − b + b · length / mean length); impact = tf · (k1 + 1) / (tf + k1).
 */
export function termImpacts(options: {
  term: Term;
  postings: Postings;
  documents: DocumentSlots;
  fields: readonly FieldWeights[];
  k1: number;
  version: number;
}): Impacts {
  const { term, postings, documents, fields, k1, version } = options;
  if (term.impacts?.version === version) return term.impacts.of;
  const slots = postings.slotsOf(term.list);
  const frequencies = postings.frequenciesOf(term.list);
  const values = new Float32Array(slots.length);
  const means = documents.totals.map((total) =>
    Math.max(1e-9, total / Math.max(1, documents.size)),
  );
  const { lengths } = documents;
  const count = fields.length;
  for (let n = 0; n < values.length; n += 1) {
    const slot = slots[n] ?? 0;
    let frequency = 0;
    for (let field = 0; field < count; field += 1) {
      const times = frequencies[n * count + field] ?? 0;
      const length = lengths[slot * count + field] ?? 0;
      if (times === 0 || length < 0) continue;
      const { weight = 1, b = 0 } = fields[field] ?? {};
      frequency += (weight * times) / (1 - b + (b * length) / (means[field] ?? 1));
    }
    values[n] = (frequency * (k1 + 1)) / (frequency + k1 || 1);
  }
  const impacts = impactsOfValues(values);
  term.impacts = { version, of: impacts };
  return impacts;
}

/** Returns given impacts with what is known of all of them. */
export function impactsOfValues(values: Float32Array): Impacts {
  let largest = 0;
  let sum = 0;
  let squares = 0;
  for (let n = 0; n < values.length; n += 1) {
    const value = values[n] ?? 0;
    if (value > largest) largest = value;
    sum += value;
    squares += value * value;
  }
  return { values, largest, sum, squares };
}
