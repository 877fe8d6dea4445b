import type { DocumentSlots } from './document-slots.js';
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
}

/**
 * Returns what each text of a term's postings scores for it, without the term's rarity; kept until the index changes.
 *
 * tf = Σ over fields weight · count / (1 − b + b · length / mean length); impact = tf · (k1 + 1) / (tf + k1).
 */
export function termImpacts(options: {
  term: Term;
  documents: DocumentSlots;
  fields: readonly FieldWeights[];
  k1: number;
  version: number;
}): Impacts {
  const { term, documents, fields, k1, version } = options;
  const { postings } = term;
  if (postings.impacts?.version === version) return postings.impacts;
  const values = new Float32Array(postings.length);
  const { slots, frequencies } = postings;
  const means = documents.totals.map((total) =>
    Math.max(1e-9, total / Math.max(1, documents.size)),
  );
  const { lengths } = documents;
  const count = fields.length;
  let largest = 0;
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
    const impact = (frequency * (k1 + 1)) / (frequency + k1 || 1);
    values[n] = impact;
    if (impact > largest) largest = impact;
  }
  postings.impacts = { version, values, largest };
  return postings.impacts;
}
