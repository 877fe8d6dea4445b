import type { TokenEncoder } from '@espalier/core';
import { embeddingIdentity } from '../../embedding/embedding-identity.js';
import type { TokenCodeBits } from '../../ranking/token-codes.js';
import type { TokenStateCache } from '../../ranking/token-state-cache.js';
import { accessKey } from './access.js';
import { ACCESS_FIELD, recordFields } from './corpus.js';
import type { BaseRegistry } from '../../catalogue/base-registry.js';
import type { HealthFinding, HealthFindingKind, HealthReport, WorkOptions } from '../lifecycle.js';
import type { BaseTrustSource } from '../search/leg-trust.js';
import type { KnowledgeBaseParts } from './knowledge-base-parts.js';

const EXAMPLES = 5;
const CHUNKS_PER_LOOK = 500;

const FINDINGS: Readonly<
  Record<HealthFindingKind, { severity: HealthFinding['severity']; advice: string }>
> = {
  'missing-vectors': {
    severity: 'problem',
    advice: 'Repair embeds these chunks from their texts in the catalogue.',
  },
  'orphan-vectors': { severity: 'problem', advice: 'Repair removes them from the store.' },
  'stale-records': {
    severity: 'problem',
    advice: 'Repair writes their text, readers and metadata anew, with the vectors they have.',
  },
  'zero-vectors': {
    severity: 'notice',
    advice:
      'They are found by their words only. Where the texts have words, look at the embedding model, then reindex.',
  },
  'invalid-vectors': { severity: 'problem', advice: 'Repair embeds these chunks anew.' },
  'invalid-chunks': {
    severity: 'problem',
    advice: 'Ingest these documents again, or reindex, which cuts all documents anew.',
  },
  'stale-chunks': {
    severity: 'notice',
    advice: 'They are cut anew when they are next ingested; reindex does it now, without sources.',
  },
  'stale-token-states': {
    severity: 'notice',
    advice:
      'They can still be read. Repair forgets them, and searches keep anew what they look at; where the store persists, reindex does all of it now.',
  },
  'untrusted-legs': {
    severity: 'notice',
    advice:
      'Asked for sentences of its own texts, the leg ranks hardly better than chance; search counts it less, or not at all. For vectors, look at the embedding model, then reindex.',
  },
  'unfinished-removals': {
    severity: 'notice',
    advice: 'Repair, or the next opening, finishes them.',
  },
  'unfinished-reindex': {
    severity: 'notice',
    advice: 'Reindex goes on where it was cut off; erasing a document gives it up.',
  },
  'purge-due': {
    severity: 'notice',
    advice: 'Purge rewrites the files; the server does it by itself within the hour.',
  },
};

/** Where token states are kept, and the bits that they should be kept in; without: they should not. */
interface KeptTokenStates {
  readonly encoder: TokenEncoder;
  readonly cache: TokenStateCache;
  readonly bits: TokenCodeBits | undefined;
}

/** What a check found, with the ids that a repair acts on. */
export interface Examination {
  readonly report: HealthReport;
  readonly ids: ReadonlyMap<HealthFindingKind, readonly string[]>;
}

/** Compares every record of the store with the catalogue. */
export async function examine(
  parts: KnowledgeBaseParts,
  context: {
    readonly name: string;
    readonly registry: BaseRegistry;
    readonly trust: BaseTrustSource;
    readonly states?: KeptTokenStates | undefined;
  },
  options: WorkOptions = {},
): Promise<Examination> {
  const { catalogue, corpus, index, clock } = parts;
  const { abortSignal, onProgress } = options;
  const startedAt = clock.monotonic();
  const found = new Map<HealthFindingKind, string[]>();
  const note = (kind: HealthFindingKind, ...ids: readonly string[]): void => {
    const known = found.get(kind);
    if (known !== undefined) for (const id of ids) known.push(id);
    else if (ids.length > 0) found.set(kind, [...ids]);
  };
  const signal = abortSignal === undefined ? {} : { abortSignal };
  const total = corpus.chunkCount;
  let done = 0;
  let vectors = 0;

  // By page and by number, so that neither all texts nor all vectors are in memory at once.
  const seen = new Set<string>();
  for await (const page of index.scroll({ pageSize: CHUNKS_PER_LOOK, ...signal })) {
    vectors += page.length;
    for (const { id, vector } of page) {
      if (corpus.ownerOf(id) === undefined) note('orphan-vectors', id);
      seen.add(id);
      const problem = problemOf(vector, index.dimension);
      if (problem !== undefined) note(problem, id);
    }
  }
  let batch: { id: string; text: string; fields: string }[] = [];
  const compare = async (): Promise<void> => {
    const records = await index.get({ ids: batch.map(({ id }) => id), ...signal });
    const byId = new Map(records.map((record) => [record.id, record]));
    for (const { id, text, fields } of batch) {
      const record = byId.get(id);
      if (record === undefined) continue;
      if (record.text !== text || sortedJson(record.metadata) !== fields) note('stale-records', id);
    }
    done += batch.length;
    batch = [];
    onProgress?.({ done, total });
    abortSignal?.throwIfAborted();
  };
  for await (const { document, chunks } of catalogue.documents()) {
    if (document.chunkedBy !== parts.chunker.fingerprint) note('stale-chunks', document.id);
    const metadata = { ...recordFields(document), [ACCESS_FIELD]: accessKey(document.principals) };
    const fields = sortedJson(metadata);
    for (const { id, span } of chunks) {
      if (span.start < 0 || span.end > document.text.length || span.start > span.end)
        note('invalid-chunks', id);
      if (seen.has(id)) batch.push({ id, text: document.text.slice(span.start, span.end), fields });
      else note('missing-vectors', id);
      if (batch.length >= CHUNKS_PER_LOOK) await compare();
    }
  }
  await compare();
  note('stale-token-states', ...(await staleStates(parts, context.states)));
  const trust = Object.entries(await context.trust.measure());
  note('untrusted-legs', ...trust.filter(([, leg]) => leg.trust < 1).map(([name]) => name));
  note('unfinished-removals', ...(await catalogue.strays()));
  const rebuild = await context.registry.rebuildOf(parts.storageKey);
  if (rebuild !== undefined) note('unfinished-reindex', rebuild.new_key);
  const due = await context.registry.purgeDue();
  if (due.includes(parts.storageKey)) note('purge-due', parts.storageKey);

  const findings = [...found].map(([kind, ids]): HealthFinding => ({
    kind,
    ...FINDINGS[kind],
    count: ids.length,
    examples: ids.slice(0, EXAMPLES),
  }));
  const report: HealthReport = {
    knowledgeBase: context.name,
    embedding: index.embedding,
    documents: corpus.documents.size,
    chunks: corpus.chunkCount,
    vectors,
    checkedAtMs: clock.now(),
    durationMs: clock.monotonic() - startedAt,
    isHealthy: findings.every(({ severity }) => severity !== 'problem'),
    findings,
  };
  return { report, ids: found };
}

/** Hashes of the texts whose states are not kept as they should be. */
async function staleStates(
  { corpus }: KnowledgeBaseParts,
  states: KeptTokenStates | undefined,
): Promise<string[]> {
  if (states === undefined) return [];
  const textHashes = [...corpus.documents.values()].flatMap(({ chunks }) =>
    chunks.map(({ textHash }) => textHash),
  );
  const encoder = embeddingIdentity(states.encoder);
  const kept = await states.cache.bitsOf({ encoder, textHashes });
  return [...kept].filter(([, bits]) => bits !== states.bits).map(([textHash]) => textHash);
}

function problemOf(
  vector: Float32Array,
  dimension: number,
): 'invalid-vectors' | 'zero-vectors' | undefined {
  if (vector.length !== dimension || !vector.every((value) => Number.isFinite(value)))
    return 'invalid-vectors';
  return vector.every((value) => value === 0) ? 'zero-vectors' : undefined;
}

/** Stores need not keep the order of fields. */
function sortedJson(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}
