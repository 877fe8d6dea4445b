import type { VectorIndex } from '@espalier/core';
import type { Corpus, CorpusDocument } from '../internal/corpus.js';
import { cosine } from '../../internal/cosine.js';
import { createCosineSpread, type CosineSpread } from '../../ranking/create-cosine-spread.js';
import { scaleOf, type ScoreScale } from './score-scale.js';

/** Vectors looked at to know how cosines are distributed; a corpus of fewer chunks is measured exactly. */
const SAMPLE_SIZE = 1024;
/** Documents looked at to know how the cosines of whole documents are. */
const DOCUMENT_SAMPLE = 256;
/** A long document is judged by so many of its chunks, evenly spread. */
const CHUNKS_PER_DOCUMENT = 24;
const MAX_MEANS = 20_000;

/** Knows the vectors of a corpus as a whole. */
export interface CorpusVectors {
  /** The scale of a query's cosine to chunks. */
  chunkScale(query: Float32Array): Promise<ScoreScale>;
  /** The scale of a query's cosine to the mean vectors of documents. */
  documentScale(query: Float32Array): Promise<ScoreScale>;
  /** The mean of the vectors of each document's chunks. */
  meansOf(documentIds: Iterable<string>): Promise<ReadonlyMap<string, Float32Array>>;
  /** To be called after the corpus has changed. */
  reset(): void;
}

/**
 * Creates what looks at the vectors of a corpus, reading no more of them than it needs.
 *
 * The sample is the chunks, and the documents, with the smallest ids. Ids of chunks are hashes, so that the smallest are
 * a fair sample, and the same one each time. Means of documents are kept until the corpus changes.
 */
export function createCorpusVectors(options: {
  corpus: Corpus;
  index: VectorIndex;
}): CorpusVectors {
  const { corpus, index } = options;
  let sample: Promise<CosineSpread> | undefined;
  let documents: Promise<readonly string[]> | undefined;
  let means = new Map<string, Float32Array>();

  const loadSample = async (): Promise<CosineSpread> => {
    const ids = [...corpus.documents.values()].flatMap(({ chunks }) => chunks.map(({ id }) => id));
    const chosen = ids.sort().slice(0, SAMPLE_SIZE);
    return createCosineSpread((await index.get({ ids: chosen })).map(({ vector }) => vector));
  };
  const loadDocuments = (): readonly string[] =>
    [...corpus.documents.values()]
      .map(({ id, chunks }) => ({ id, key: chunks[0]?.id ?? '' }))
      .filter(({ key }) => key !== '')
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .slice(0, DOCUMENT_SAMPLE)
      .map(({ id }) => id);

  const meansOf: CorpusVectors['meansOf'] = async (documentIds) => {
    const own = means;
    const wanted = new Set(documentIds);
    const missing = [...wanted]
      .filter((id) => !own.has(id))
      .flatMap((id) => corpus.documents.get(id) ?? []);
    const chunkIds = missing.flatMap((document) => spread(document));
    if (chunkIds.length > 0) {
      const records = await index.get({ ids: chunkIds });
      const vectors = new Map(records.map(({ id, vector }) => [id, vector]));
      if (own.size + missing.length > MAX_MEANS) own.clear();
      for (const document of missing) {
        const found = spread(document).flatMap((id) => vectors.get(id) ?? []);
        if (found.length > 0) own.set(document.id, meanOf(found));
      }
    }
    return new Map([...wanted].flatMap((id) => pairOf(id, own.get(id))));
  };

  return {
    async chunkScale(query) {
      const loading = (sample ??= loadSample());
      try {
        return (await loading).of(query);
      } catch (error) {
        if (sample === loading) sample = undefined;
        throw error;
      }
    },
    async documentScale(query) {
      documents ??= Promise.resolve(loadDocuments());
      const found = await meansOf(await documents);
      return scaleOf([...found.values()].map((vector) => cosine(query, vector)));
    },
    meansOf,
    reset() {
      sample = undefined;
      documents = undefined;
      means = new Map();
    },
  };
}

function pairOf(id: string, vector: Float32Array | undefined): [string, Float32Array][] {
  return vector === undefined ? [] : [[id, vector]];
}

function spread({ chunks }: CorpusDocument): string[] {
  const step = Math.max(1, chunks.length / CHUNKS_PER_DOCUMENT);
  const count = Math.min(chunks.length, CHUNKS_PER_DOCUMENT);
  return Array.from({ length: count }, (_, n) => chunks[Math.floor(n * step)]?.id ?? '');
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    for (let i = 0; i < mean.length; i += 1) mean[i] = (mean[i] ?? 0) + (vector[i] ?? 0);
  }
  return mean.map((value) => value / vectors.length);
}
