import { matchesFilter, type Filter, type RetrieveOptions } from '@espalier/core';
import { mayRead } from '../internal/access.js';
import {
  ACCESS_FIELD,
  storedField,
  type CorpusChunk,
  type CorpusDocument,
} from '../internal/corpus.js';
import type { KnowledgeBaseParts } from '../internal/knowledge-base-parts.js';
import { cosine } from '../../internal/cosine.js';

/** A chunk that may be in the answer. */
export interface Candidate {
  readonly id: string;
  readonly text: string;
  readonly document: CorpusDocument;
  readonly chunk: CorpusChunk;
  /** Undefined where the query has no direction. */
  readonly cosine: number | undefined;
}

/** What both legs found. */
export interface FoundCandidates {
  readonly candidates: readonly Candidate[];
  /** Whether a chunk may be seen by who asks. */
  readonly isAllowed: (chunkId: string) => boolean;
  /** How many chunks the words found that may not be seen, or that the filter leaves out. */
  readonly leftOut: number;
}

/**
 * Takes the best chunks by words and by meaning.
 *
 * Access and filter are applied by the store to what it finds, and once more to everything that leaves this function.
 */
export async function findCandidates(
  parts: KnowledgeBaseParts,
  options: {
    readonly principals: RetrieveOptions['principals'] | undefined;
    readonly filter: Filter | undefined;
    readonly abortSignal: AbortSignal | undefined;
    readonly limit: number;
    readonly wordScores: ReadonlyMap<string, number>;
    /** Undefined where the query has no direction. */
    readonly vector: Float32Array | undefined;
  },
): Promise<FoundCandidates> {
  const { corpus, index } = parts;
  const { principals, filter, limit, wordScores, vector } = options;
  const signal = options.abortSignal === undefined ? {} : { abortSignal: options.abortSignal };
  const fields = filter === undefined ? undefined : mapFields(filter);
  const allowed = new Map<string, boolean>();
  const isAllowedDocument = (document: CorpusDocument): boolean => {
    const known = allowed.get(document.id);
    if (known !== undefined) return known;
    const result =
      mayRead(document.principals, principals) &&
      (fields === undefined || matchesFilter(document.fields, fields));
    allowed.set(document.id, result);
    return result;
  };
  const isAllowed = (id: string): boolean => {
    const document = corpus.ownerOf(id)?.document;
    return document !== undefined && isAllowedDocument(document);
  };

  const byWords = [...wordScores].filter(([id]) => isAllowed(id));
  const leftOut = wordScores.size - byWords.length;
  const best = byWords
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, limit)
    .map(([id]) => id);
  const storeFilter = filterFor(parts, principals, fields);
  const near =
    vector === undefined
      ? []
      : await index.query({
          vector,
          topK: limit,
          ...(storeFilter === undefined ? {} : { filter: storeFilter }),
          ...signal,
        });
  const found = new Map<string, { text: string; cosine: number | undefined }>(
    near.map(({ id, text, score }) => [id, { text, cosine: score }]),
  );
  const wordsOnly = best.filter((id) => !found.has(id));
  const fetched = wordsOnly.length === 0 ? [] : await index.get({ ids: wordsOnly, ...signal });
  for (const record of fetched) {
    const score = vector === undefined ? undefined : cosine(vector, record.vector);
    found.set(record.id, { text: record.text, cosine: score });
  }
  const candidates: Candidate[] = [];
  for (const [id, match] of found) {
    const owner = corpus.ownerOf(id);
    if (owner !== undefined && isAllowed(id)) candidates.push({ id, ...match, ...owner });
  }
  return { candidates, isAllowed, leftOut };
}

function filterFor(
  { corpus }: KnowledgeBaseParts,
  principals: readonly string[] | undefined,
  fields: Filter | undefined,
): Filter | undefined {
  const filters: Filter[] = [];
  if (principals !== undefined) {
    const readable = [...corpus.accessKeys()].filter(([, allowed]) => mayRead(allowed, principals));
    filters.push({ field: ACCESS_FIELD, op: 'in', values: readable.map(([key]) => key) });
  }
  if (fields !== undefined) filters.push(fields);
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
