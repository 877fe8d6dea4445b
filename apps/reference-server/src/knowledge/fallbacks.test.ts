import { createMemoryStore } from '@espalier/rag/memory';
import { createMockEmbeddingModel, createRecordingLogger } from '@espalier/testing';
import { describe, expect, it } from 'vitest';
import { loadEmbeddingModel } from './load-embedding-model.js';
import { openVectorStore } from './open-vector-store.js';
import { configSchema } from '../config/config-schema.js';

const missing = () => Promise.reject(new Error("Cannot find package 'the-native-one'"));

describe('the embedding model', () => {
  const quality = createMockEmbeddingModel();
  const small = createMockEmbeddingModel();
  const present = {
    'minilm-l6': () => Promise.resolve(quality),
    'static-256': () => Promise.resolve(small),
  };
  const absent = { ...present, 'minilm-l6': missing };

  it('is the better one where its runtime loads, the static one where that is chosen', async () => {
    const logger = createRecordingLogger();
    expect(await loadEmbeddingModel({ choice: 'auto', logger, loaders: present })).toBe(quality);
    expect(await loadEmbeddingModel({ choice: 'static-256', logger, loaders: absent })).toBe(small);
    expect(logger.lines).toEqual([]);
  });

  it('is the static one, with a warning, where the runtime is missing', async () => {
    const logger = createRecordingLogger();
    expect(await loadEmbeddingModel({ choice: 'auto', logger, loaders: absent })).toBe(small);
    expect(logger.lines).toMatchObject([
      { level: 'warn', fields: { error: expect.stringContaining('the-native-one') as string } },
    ]);
  });

  it('fails where the better one was asked for by name', async () => {
    const logger = createRecordingLogger();
    const loading = loadEmbeddingModel({ choice: 'minilm-l6', logger, loaders: absent });
    await expect(loading).rejects.toThrow('the-native-one');
  });
});

describe('the vector store', () => {
  const place = { folder: '/data/knowledge' };

  it('is LanceDB in the data folder where it loads', async () => {
    const logger = createRecordingLogger();
    const store = createMemoryStore();
    const uris: string[] = [];
    const loadLanceDb = (uri: string) => {
      uris.push(uri);
      return Promise.resolve(store);
    };
    expect(await openVectorStore({ ...place, choice: 'auto', logger, loadLanceDb })).toBe(store);
    expect(uris).toEqual(['/data/knowledge/vectors']);
    expect(
      await openVectorStore({ ...place, choice: 'memory', logger, loadLanceDb }),
    ).toBeUndefined();
    expect(logger.lines).toEqual([]);
  });

  it('is memory, with a warning, where LanceDB is missing', async () => {
    const logger = createRecordingLogger();
    const opened = openVectorStore({ ...place, choice: 'auto', logger, loadLanceDb: missing });
    expect(await opened).toBeUndefined();
    expect(logger.lines).toMatchObject([
      { level: 'warn', message: expect.stringContaining('kept in memory') as string },
    ]);
  });

  it('fails where LanceDB was asked for by name', async () => {
    const logger = createRecordingLogger();
    const opened = openVectorStore({ ...place, choice: 'lancedb', logger, loadLanceDb: missing });
    await expect(opened).rejects.toThrow('the-native-one');
  });

  it.each([
    { kind: 'pgvector', url: 'postgres://user@127.0.0.1:1/db', schema: 'vectors' },
    { kind: 'pinecone', apiKey: 'key', cloud: 'gcp', region: 'europe-west4' },
    { kind: 'weaviate', host: '127.0.0.1', port: 8080, grpcPort: 50051 },
  ])('is the service that the configuration names: $kind', async (service) => {
    const { store: choice } = configSchema.parse({ store: service });
    const opened = await openVectorStore({ ...place, choice, logger: createRecordingLogger() });
    expect(opened?.name).toBe(service.kind);
    await opened?.close();
  });

  it('is refused where a service lacks what it needs', () => {
    for (const store of [
      { kind: 'pgvector' },
      { kind: 'pinecone', apiKey: '' },
      { kind: 'weaviate', host: 'vectors', port: 0 },
      'postgres',
    ])
      expect(configSchema.safeParse({ store }).success).toBe(false);
  });
});
