import { cosine } from '../../internal/cosine.js';
import { measureLegTrust, type LegTrust } from '../../ranking/measure-leg-trust.js';
import type { KnowledgeBaseParts } from '../internal/knowledge-base-parts.js';
import { createCorpusVectors } from './corpus-vectors.js';
import type { LegName, LegWeights } from './rank-candidates.js';
import { standardized } from './score-scale.js';

/** How far the words and the vectors of a knowledge base can be trusted. */
export type BaseTrust = Readonly<Record<'bm25' | 'vector', LegTrust>>;

/** Knows the trust in the legs of one knowledge base. */
export interface BaseTrustSource {
  /** The weights times the trust; measured at the first call, and when the corpus has grown or shrunk by a fifth. */
  weigh(weights: LegWeights): Promise<LegWeights>;
  /** Measures anew. */
  measure(): Promise<BaseTrust>;
}

const CHANGED_SHARE = 0.2;
const OF_WORDS: readonly LegName[] = ['bm25', 'documentBm25'];
const OF_VECTORS: readonly LegName[] = [
  'vector',
  'documentVector',
  'feedback',
  'similar',
  'part',
  'maxSim',
  'maxSimWindow',
];

/** Creates what knows the trust. No search can cancel what the others wait for. */
export function createBaseTrust(parts: KnowledgeBaseParts): BaseTrustSource {
  const { corpus, index, embedder } = parts;
  let known: { readonly chunks: number; readonly trust: Promise<BaseTrust> } | undefined;

  const ask = async (): Promise<BaseTrust> => {
    // Of its own: searches are to give the same bits whether or not something was measured before them.
    const vectors = createCorpusVectors(parts);
    const ids = [...corpus.documents.values()].flatMap(({ chunks }) => chunks.map(({ id }) => id));
    // Ids are hashes: any part of the sorted ones is a fair sample.
    ids.sort();
    const recordOf = async (place: number) => (await index.get({ ids: [ids[place] ?? ''] }))[0];
    return measureLegTrust({
      size: ids.length,
      textOf: async (place) => (await recordOf(place))?.text ?? '',
      legs: {
        bm25: (asked) =>
          asked.map(({ query, place }) => {
            const words = corpus.lexical.score(query);
            return standardized(words.scores.get(ids[place] ?? '') ?? 0, words);
          }),
        async vector(asked) {
          const queries = asked.map(({ query }) => query);
          const embedded = await embedder.embedQueries({ queries });
          const lifts: number[] = [];
          for (const [n, { place }] of asked.entries()) {
            const query = embedded[n] ?? new Float32Array(index.dimension);
            const record = await recordOf(place);
            const score = record === undefined ? NaN : cosine(query, record.vector);
            lifts.push(standardized(score, await vectors.chunkScale(query)));
          }
          return lifts;
        },
      },
    });
  };
  const measure: BaseTrustSource['measure'] = async () => {
    const own = { chunks: corpus.chunkCount, trust: ask() };
    known = own;
    try {
      return await own.trust;
    } catch (error) {
      if (known === own) known = undefined;
      throw error;
    }
  };

  return {
    measure,
    async weigh(weights) {
      const change = Math.abs(corpus.chunkCount - (known?.chunks ?? 0));
      const isKnown = known !== undefined && change <= CHANGED_SHARE * known.chunks;
      const trust = await (isKnown && known !== undefined ? known.trust : measure());
      const words = trust.bm25.trust;
      const meaning = trust.vector.trust;
      if (words + meaning === 0) return weights;
      const trusted: Record<LegName, number> = { ...weights };
      for (const leg of OF_WORDS) trusted[leg] *= words;
      for (const leg of OF_VECTORS) trusted[leg] *= meaning;
      return trusted;
    },
  };
}
