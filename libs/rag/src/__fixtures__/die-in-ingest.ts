import { join } from 'node:path';
import type { VectorIndex, VectorStore } from '@espalier/core';
import { createMockEmbeddingModel } from '@espalier/testing';
import { createKnowledgeBases } from '../knowledge/create-knowledge-bases.ts';
import { createLanceDbStore } from '../lancedb/create-lance-db-store.ts';
import { FIRST, LATER } from './crash-corpus.ts';
import { createDeadlyMoments } from './deadly-moments.ts';

// Ingests twice and kills itself, as `kill -9` does, at the n-th moment before or after a write of the store.
const [folder = '', moment = ''] = process.argv.slice(2);
const moments = createDeadlyMoments(Number(moment));

function deadly(store: VectorStore): VectorStore {
  const deadlyIndex = (index: VectorIndex): VectorIndex => ({
    ...index,
    upsert: (options) => moments.around(() => index.upsert(options)),
    delete: (options) => moments.around(() => index.delete(options)),
  });
  return { ...store, openIndex: async (options) => deadlyIndex(await store.openIndex(options)) };
}

const bases = await createKnowledgeBases({
  folder,
  embeddingModel: createMockEmbeddingModel(),
  store: deadly(createLanceDbStore({ uri: join(folder, 'vectors') })),
});
const base = await bases.create({ name: 'docs' });
await base.ingest({ sources: FIRST });
await base.ingest({ sources: LATER, prune: true });
process.stdout.write(`moments ${moments.passed}\n`);
await bases.close();
