import type {
  Filter,
  Passage,
  RetrieveOptions,
  RetrieveResult,
  VectorMatch,
  Warning,
} from '@espalier/core';
import { matchesFilter } from '../../filter/matches-filter.js';
import { mayRead } from './access.js';
import { ACCESS_FIELD, storedField, type CorpusChunk, type CorpusDocument } from './corpus.js';
import { hasEvidence } from './evidence.js';
import { assertKnownFields } from './assert-known-fields.js';
import type { KnowledgeBaseParts } from './knowledge-base-parts.js';

const DEFAULT_TOP_K = 8;
const MAX_TOP_K = 1000;
const MIN_CANDIDATES = 100;
const CANDIDATES_PER_RESULT = 5;
const MAX_QUERY_CHARACTERS = 10_000;
/** How much each leg counts; chosen on Cranfield, XQuAD and documentation questions together. */
const WEIGHTS = { bm25: 0.4, vector: 0.6 };

/** Mean and deviation of a leg's scores over the whole corpus. */
export interface ScoreScale {
  readonly mean: number;
  readonly deviation: number;
}

interface Candidate {
  readonly id: string;
  readonly text: string;
  readonly document: CorpusDocument;
  readonly chunk: CorpusChunk;
  readonly bm25: number;
  readonly vector: number | undefined;
  readonly score: number;
}

/**
 * Searches by words and by meaning, and adds the two scores after putting each on the scale of its own distribution
 * over the whole corpus (mean 0, deviation 1).
 */
export async function search(
  parts: KnowledgeBaseParts & {
    knowledgeBase: string;
    vectorScale: (query: Float32Array) => Promise<ScoreScale>;
  },
  options: RetrieveOptions,
): Promise<RetrieveResult> {
  const { corpus, index, embedder } = parts;
  const { principals, filter, abortSignal } = options;
  abortSignal?.throwIfAborted();
  const warnings: Warning[] = [];
  const query = options.query.toWellFormed().slice(0, MAX_QUERY_CHARACTERS).trim();
  if (options.query.length > MAX_QUERY_CHARACTERS) {
    warnings.push({
      option: 'query',
      message: `Only the first ${MAX_QUERY_CHARACTERS} characters were searched for.`,
    });
  }
  const topK = Math.max(0, Math.min(MAX_TOP_K, Math.floor(options.topK ?? DEFAULT_TOP_K)));
  if (query === '' || topK === 0 || corpus.chunkCount === 0)
    return { passages: [], hasEvidence: false, warnings };

  if (filter !== undefined) assertKnownFields(corpus, filter, principals);
  const signal = abortSignal === undefined ? {} : { abortSignal };
  const candidates = Math.max(MIN_CANDIDATES, topK * CANDIDATES_PER_RESULT);
  const isAllowed = (document: CorpusDocument): boolean =>
    mayRead(document.principals, principals) &&
    (filter === undefined || matchesFilter(document.fields, mapFields(filter)));

  const lexical = corpus.lexical.score(query);
  const allowed = new Map<string, boolean>();
  const isAllowedChunk = (id: string): boolean => {
    const document = corpus.ownerOf(id)?.document;
    if (document === undefined) return false;
    const known = allowed.get(document.id);
    if (known !== undefined) return known;
    const result = isAllowed(document);
    allowed.set(document.id, result);
    return result;
  };
  const lexicalBest = [...lexical.scores]
    .filter(([id]) => isAllowedChunk(id))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, candidates)
    .map(([id]) => id);

  const vector = await embedder.embedQuery({ query, abortSignal });
  const hasVector = vector.some((value) => value !== 0);
  const storeFilter = filterFor(parts, options);
  const near = hasVector
    ? await index.query({
        vector,
        topK: candidates,
        ...(storeFilter === undefined ? {} : { filter: storeFilter }),
        ...signal,
      })
    : [];
  const matches = new Map<string, Pick<VectorMatch, 'text' | 'score'>>(
    near.map((match) => [match.id, match]),
  );
  const wordsOnly = lexicalBest.filter((id) => !matches.has(id));
  const fetched = wordsOnly.length === 0 ? [] : await index.get({ ids: wordsOnly, ...signal });
  for (const record of fetched) {
    matches.set(record.id, {
      text: record.text,
      score: hasVector ? cosine(vector, record.vector) : 0,
    });
  }
  const vectorScale = hasVector ? await parts.vectorScale(vector) : { mean: 0, deviation: 0 };

  const found: Candidate[] = [];
  for (const [id, match] of matches) {
    const owner = corpus.ownerOf(id);
    // The store has filtered already; nothing leaves this function on its word alone.
    if (owner === undefined || !isAllowedChunk(id)) continue;
    const bm25 = lexical.scores.get(id) ?? 0;
    const score =
      WEIGHTS.bm25 * standardized(bm25, lexical) +
      (hasVector ? WEIGHTS.vector * standardized(match.score, vectorScale) : 0);
    found.push({
      id,
      text: match.text,
      ...owner,
      bm25,
      vector: hasVector ? match.score : undefined,
      score,
    });
  }
  found.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  const best = found.slice(0, topK);
  return {
    passages: best.map((candidate) => toPassage(candidate, parts.knowledgeBase)),
    hasEvidence: hasEvidence({
      query,
      lexical: corpus.lexical,
      best: best.map(({ id, vector: vectorScore }) => ({ id, vectorScore })),
    }),
    warnings,
  };
}

function filterFor(parts: KnowledgeBaseParts, options: RetrieveOptions): Filter | undefined {
  const filters: Filter[] = [];
  if (options.principals !== undefined) {
    const readable = [...parts.corpus.accessKeys()].filter(([, allowed]) =>
      mayRead(allowed, options.principals),
    );
    filters.push({ field: ACCESS_FIELD, op: 'in', values: readable.map(([key]) => key) });
  }
  if (options.filter !== undefined) filters.push(mapFields(options.filter));
  return filters.length === 0 ? undefined : { op: 'and', filters };
}

/** The filter with each field under the name that stores keep it by. */
function mapFields(filter: Filter): Filter {
  if (filter.op === 'and' || filter.op === 'or')
    return { op: filter.op, filters: filter.filters.map(mapFields) };
  if (filter.op === 'not') return { op: 'not', filter: mapFields(filter.filter) };
  return {
    ...(filter as Extract<Filter, { field: string }>),
    field: storedField((filter as { field: string }).field),
  };
}

function standardized(score: number, scale: ScoreScale): number {
  return scale.deviation === 0 ? 0 : (score - scale.mean) / scale.deviation;
}

/** The cosine of two vectors; 0 where one of them is zero. */
export function cosine(first: Float32Array, second: Float32Array): number {
  let product = 0;
  let firstSquares = 0;
  let secondSquares = 0;
  for (let i = 0; i < first.length; i += 1) {
    const a = first[i] ?? 0;
    const b = second[i] ?? 0;
    product += a * b;
    firstSquares += a * a;
    secondSquares += b * b;
  }
  const norm = Math.sqrt(firstSquares * secondSquares);
  return norm === 0 ? 0 : product / norm;
}

function toPassage(candidate: Candidate, knowledgeBase: string): Passage {
  const { document, chunk } = candidate;
  return {
    id: candidate.id,
    documentId: document.id,
    knowledgeBase,
    source: document.source,
    ...(document.title === undefined ? {} : { title: document.title }),
    headingPath: [...chunk.headingPath],
    text: candidate.text,
    span: { ...chunk.span },
    lines: { ...chunk.lines },
    score: candidate.score,
    scores: {
      bm25: candidate.bm25,
      ...(candidate.vector === undefined ? {} : { vector: candidate.vector }),
    },
    metadata: structuredClone(document.metadata),
  };
}
