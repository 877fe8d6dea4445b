import type { EmbeddingModel, TokenEncoder } from '@espalier/core';
import type { HybridRankerOptions } from '../create-hybrid-ranker.js';
import type { TokenStateStore } from '../create-token-state-file.js';
import { createMaxSimScorers, type TokenMatch } from '../create-max-sim-scorers.js';
import { packTokenStates } from '../pack-token-states.js';
import { createTokenWeights } from '../token-weights.js';
import { ownPairs } from '../adaptation/own-pairs.js';
import { createQueryAdapter, type AdaptationReport } from '../adaptation/query-adapter.js';
import type { DocumentStructure } from './document-structure.js';
import { encodeMissing } from './encode-texts.js';
import { meanParts } from './mean-parts.js';
import { encodedText } from './passage-text.js';
import { createSimilarScores } from './similar-scores.js';
import { createVectorTable, type VectorTable } from './vector-table.js';

const MAX_TEXTS_PER_CALL = 64;
const FEEDBACK_SHARE = 0.25;

/** Knows the meaning of each passage, in vectors. */
export interface PassageEncoder {
  /** What was learned from the corpus; undefined where nothing was to be. */
  readonly adaptation: AdaptationReport | undefined;
  /** The mean of the scores of the five passages most like it, weighed by their likeness; they are looked up once. */
  similarScore(index: number, scores: Float32Array): number;
  encodeQuery(
    query: string,
    abortSignal: AbortSignal | undefined,
  ): Promise<{
    /** The cosine of each passage. */
    readonly vector: Float32Array;
    /** The cosine of each passage's likest part. */
    readonly part: Float32Array | undefined;
    /** The cosine of each document's mean passage. */
    readonly parentVector: Float32Array;
    /** The late interaction with one passage. */
    readonly match: ((index: number) => TokenMatch) | undefined;
    /** The cosine of each passage to the query drawn towards the passages given. */
    feedback(indexes: readonly number[]): Float32Array;
  }>;
}

type Options = HybridRankerOptions & { structure: DocumentStructure };

/** Encodes all passages. */
export async function createPassageEncoder(options: Options): Promise<PassageEncoder> {
  const texts = options.passages.map((passage) => encodedText(passage).toWellFormed());
  return 'tokenEncoder' in options.encoder
    ? encodeTokens({ ...options, ...options.encoder, texts })
    : encodeWhole({ ...options, ...options.encoder, texts });
}

async function encodeWhole(
  options: Options & { embeddingModel: EmbeddingModel; texts: readonly string[] },
): Promise<PassageEncoder> {
  const { embeddingModel: model, texts, structure, abortSignal } = options;
  const table = createVectorTable({ size: texts.length, dimension: model.dimension });
  const size = Math.max(1, Math.min(model.limits.maxTextsPerCall, MAX_TEXTS_PER_CALL));
  for (let start = 0; start < texts.length; start += size) {
    const batch = texts.slice(start, start + size);
    const signal = abortSignal === undefined ? {} : { abortSignal };
    const { embeddings } = await model.doEmbed({ texts: batch, purpose: 'document', ...signal });
    for (const [n, vector] of embeddings.entries()) table.set(start + n, vector);
    options.onProgress?.({ done: start + batch.length, total: texts.length });
  }
  const parents = parentTable(table, structure, model.dimension);
  return {
    adaptation: undefined,
    similarScore: createSimilarScores(table),
    async encodeQuery(query, querySignal) {
      const signal = querySignal === undefined ? {} : { abortSignal: querySignal };
      const { embeddings } = await model.doEmbed({ texts: [query], purpose: 'query', ...signal });
      const vector = embeddings[0] ?? new Float32Array(model.dimension);
      return {
        vector: table.scores(vector),
        part: undefined,
        parentVector: parents.scores(vector),
        match: undefined,
        feedback: (indexes) => table.scores(drawnTowards(vector, indexes, table)),
      };
    },
  };
}

async function encodeTokens(
  options: Options & {
    tokenEncoder: TokenEncoder;
    states: TokenStateStore;
    texts: readonly string[];
  },
): Promise<PassageEncoder> {
  const { tokenEncoder: encoder, states: store, texts, structure, abortSignal } = options;
  const { dimension } = encoder;
  await encodeMissing({
    encoder,
    texts,
    store,
    onProgress: (done) => options.onProgress?.({ done, total: texts.length }),
    ...(abortSignal === undefined ? {} : { abortSignal }),
  });
  const table = createVectorTable({ size: texts.length, dimension });
  const tokenWeights = createTokenWeights();
  const parts: Float32Array[] = [];
  const owners: number[] = [];
  for (const [index, text] of texts.entries()) {
    const states = store.get(text);
    tokenWeights.add(states?.ids ?? []);
    const [first] = states?.windows ?? [];
    if (states === undefined || first === undefined) continue;
    table.set(index, first);
    for (const part of meanParts(states, dimension)) {
      parts.push(part);
      owners.push(index);
    }
  }
  const partTable = createVectorTable({ size: parts.length, dimension });
  for (const [index, part] of parts.entries()) partTable.set(index, part);
  const scorers = createMaxSimScorers({ dimension });
  const parents = parentTable(table, structure, dimension);
  const adapter =
    options.adapt === true
      ? createQueryAdapter({
          pairs: await ownPairs({ encoder, store, passages: options.passages, abortSignal }),
          table,
          dimension,
        })
      : undefined;

  return {
    adaptation: adapter?.report,
    similarScore: createSimilarScores(table),
    async encodeQuery(query, querySignal) {
      const signal = querySignal === undefined ? {} : { abortSignal: querySignal };
      const result = await encoder.doEncodeTokens({ texts: [query], purpose: 'query', ...signal });
      const [asked] = result.states;
      const plain = asked?.windows[0] ?? new Float32Array(dimension);
      const vector = adapter?.adapt(plain) ?? plain;
      const packed = asked === undefined ? undefined : packTokenStates(asked);
      const weights = tokenWeights.weightsOf(asked?.ids ?? []);
      return {
        vector: table.scores(vector),
        part: bestOf(partTable.scores(vector), owners, texts.length),
        parentVector: parents.scores(vector),
        match(index) {
          const passage = store.get(texts[index] ?? '');
          if (packed === undefined || passage === undefined) return { whole: 0, window: 0 };
          return scorers.ask(packed, weights).score(passage);
        },
        feedback: (indexes) => table.scores(drawnTowards(vector, indexes, table)),
      };
    },
  };
}

/** The query with a quarter of each passage added, of length 1. @see Rocchio (1971) — without judgements. */
function drawnTowards(
  query: Float32Array,
  indexes: readonly number[],
  table: VectorTable,
): Float32Array {
  const sum = normalized(query);
  for (const index of indexes) {
    table.row(index).forEach((value, i) => {
      sum[i] = (sum[i] ?? 0) + FEEDBACK_SHARE * value;
    });
  }
  return normalized(sum);
}

function normalized(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector);
  return norm === 0 ? vector.slice() : vector.map((value) => value / norm);
}

/** The mean vector of each document's passages. */
function parentTable(
  table: VectorTable,
  structure: DocumentStructure,
  dimension: number,
): VectorTable {
  const count = structure.hasParents ? structure.documents.length : 0;
  const parents = createVectorTable({ size: count, dimension });
  for (let document = 0; document < count; document += 1) {
    const mean = new Float32Array(dimension);
    for (const index of structure.documents[document] ?? []) {
      table.row(index).forEach((value, i) => {
        mean[i] = (mean[i] ?? 0) + value;
      });
    }
    parents.set(document, mean);
  }
  return parents;
}

function bestOf(scores: Float32Array, owners: readonly number[], size: number): Float32Array {
  const best = new Float32Array(size).fill(-1);
  for (const [part, owner] of owners.entries()) {
    best[owner] = Math.max(best[owner] ?? -1, scores[part] ?? -1);
  }
  // A passage without a token is no worse than one about something else.
  return best.map((score) => (score === -1 ? 0 : score));
}
