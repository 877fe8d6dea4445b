import { join } from 'node:path';
import type { VectorIndex, VectorStore } from '@espalier/core';
import { createMockEmbeddingModel } from '@espalier/testing';
import { createKnowledgeBases } from '../knowledge/create-knowledge-bases.ts';
import { createSimdStore } from '../simd/create-simd-store.ts';
import { createDeadlyMoments } from './deadly-moments.ts';

// Erases, rebuilds or migrates what its parent has ingested, and kills itself, as `kill -9` does, at the n-th moment
// before or after a write of the store.
const [folder = '', work = '', moment = ''] = process.argv.slice(2);
const moments = createDeadlyMoments(Number(moment));

function deadly(store: VectorStore): VectorStore {
  const deadlyIndex = (index: VectorIndex): VectorIndex => ({
    ...index,
    upsert: (options) => moments.around(() => index.upsert(options)),
    delete: (options) => moments.around(() => index.delete(options)),
    purge: (options) => moments.around(async () => index.purge?.(options)),
  });
  return {
    ...store,
    openIndex: async (options) => deadlyIndex(await store.openIndex(options)),
    dropIndex: (options) => moments.around(() => store.dropIndex(options)),
  };
}

const from = createSimdStore({ folder: join(folder, 'vectors') });
const bases = await createKnowledgeBases({
  folder,
  embeddingModel: createMockEmbeddingModel({ dimension: work === 'reindex' ? 24 : 16 }),
  store: deadly(work === 'migrate' ? createSimdStore({ folder: join(folder, 'moved') }) : from),
});
if (work === 'erase') await (await bases.get('docs')).erase({ ids: ['secret.md'] });
if (work === 'reindex') await bases.reindex({ name: 'docs' });
if (work === 'migrate') await bases.migrate({ name: 'docs', from });
process.stdout.write(`moments ${moments.passed}\n`);
await bases.close();
