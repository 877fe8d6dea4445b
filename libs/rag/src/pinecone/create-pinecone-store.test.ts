import { createHash } from 'node:crypto';
import type { VectorRecord, VectorStore } from '@espalier/core';
import { describeVectorStoreConformance } from '@espalier/testing/conformance';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readRecording } from '../stores/__fixtures__/exchange.js';
import { recordExchanges } from '../stores/__fixtures__/record-exchanges.js';
import { replayExchanges, type Exchanges } from '../stores/__fixtures__/replay-exchanges.js';
import { assertPineconeExchange } from './__fixtures__/pinecone-wire.js';
import {
  startPineconeStandIn,
  type PineconeStandIn,
} from './__fixtures__/start-pinecone-stand-in.js';
import { createPineconeStore } from './create-pinecone-store.js';

const recording = new URL('__fixtures__/pinecone-exchanges.json', import.meta.url);
const isRecording = process.env['ESPALIER_RECORD_EXCHANGES'] === '1';

let server: PineconeStandIn;
beforeAll(async () => {
  server = await startPineconeStandIn();
});
afterAll(() => server.close());

// What the client sent, and what its API has for it; ESPALIER_RECORD_EXCHANGES=1 records it anew from the stand-in.
describe('As its API has it', () => {
  let service: Exchanges;
  let prefix = '';
  beforeAll(async () => {
    service = isRecording
      ? await recordExchanges({
          file: recording,
          service: 'A stand-in for Pinecone, API 2026-07',
          httpUrl: server.url,
          check: assertPineconeExchange,
        })
      : await replayExchanges(recording);
  });
  afterAll(() => service.close());
  beforeEach(({ task }) => {
    service.begin(task.name);
    // The service sees names: the same ones for the same test, whatever other tests ran.
    prefix = `t${createHash('sha256').update(task.name).digest('hex').slice(0, 8)}-`;
  });
  afterEach(() => {
    service.end();
  });
  const open = (): VectorStore =>
    createPineconeStore({ apiKey: 'test-key', controllerUrl: service.origin, prefix });

  describeVectorStoreConformance('The Pinecone store', { create: open, reopen: open });
});

describe('The recorded exchanges', () => {
  it('are of the API, from their paths to the last field', () => {
    const exchanges = [...readRecording(recording).values()].flat();
    expect(exchanges.length).toBeGreaterThan(500);
    for (const exchange of exchanges) assertPineconeExchange(exchange);
  });

  it('would be refused with a field that the API has not', () => {
    const line = 'POST /of/x/vectors/delete';
    const request = { channel: 'http' as const, line, body: '{"ids":["a"],"every":true}' };
    expect(() => {
      assertPineconeExchange({ request, answer: { status: 200, body: '{}' } });
    }).toThrow(/every/u);
  });
});

let made = 0;
const openFresh = (): VectorStore =>
  createPineconeStore({
    apiKey: 'test-key',
    controllerUrl: server.url,
    prefix: `t${(made += 1)}-`,
  });

const wanted = { name: 'Own_Name', dimension: 2, embedding: 'e' };
const record = (id: string, text = 't'): VectorRecord => ({
  id,
  vector: Float32Array.of(1, 0.5),
  text,
  metadata: { title: id },
});

describe('createPineconeStore, through its client to a stand-in', () => {
  it('refuses what Pinecone would, and keeps none of the call', async () => {
    const store = openFresh();
    const index = await store.openIndex(wanted);
    const bad = [
      [record('long', 'x'.repeat(41_000)), 'ERR_RAG_RECORD_TOO_LARGE'],
      [record('i'.repeat(600)), 'ERR_RAG_RECORD_TOO_LARGE'],
      [{ ...record('zero'), vector: Float32Array.of(0, 0) }, 'ERR_RAG_VECTOR_INVALID'],
    ] as const;
    for (const [each, code] of bad)
      await expect(index.upsert({ records: [record('good'), each] })).rejects.toMatchObject({
        code,
      });
    expect(await index.count()).toBe(0);
    await store.close();
  });

  it('tells texts apart that begin alike, in filters that put them in order', async () => {
    const store = openFresh();
    const index = await store.openIndex(wanted);
    const ids = ['alphabet-1', 'alphabet-2', 'alphabet-3', 'alphabets', 'alphabeu'];
    await index.upsert({ records: ids.map((id) => record(id)) });
    const filter = { field: 'title', op: 'gt' as const, value: 'alphabet-2' };
    expect(await index.count({ filter })).toBe(3);
    const found = await index.query({ vector: Float32Array.of(1, 0), topK: 2, filter });
    expect(found.map(({ id }) => id)).toEqual(['alphabet-3', 'alphabets']);
    await store.close();
  });

  it('sends many records in requests that Pinecone takes, and reads them in pages', async () => {
    const store = openFresh();
    const index = await store.openIndex(wanted);
    const records = Array.from({ length: 250 }, (_, n) =>
      record(`r${n + 1000}`, 'x'.repeat(20_000)),
    );
    const before = server.requests.length;
    await index.upsert({ records });
    const sent = server.requests.slice(before).filter((request) => request.endsWith('/upsert'));
    expect(sent.length).toBeGreaterThan(2);
    let read = 0;
    for await (const page of index.scroll({})) read += page.length;
    expect(read).toBe(250);
    await store.close();
  });

  it('fails with a typed error where the service refuses the key or a request', async () => {
    const store = createPineconeStore({ apiKey: 'wrong', controllerUrl: server.url });
    await expect(store.listIndexes()).rejects.toMatchObject({ code: 'ERR_RAG_STORE_FAILED' });
    await store.close();
    const own = openFresh();
    const index = await own.openIndex(wanted);
    server.failWith(400);
    await expect(index.get({ ids: ['a'] })).rejects.toMatchObject({ code: 'ERR_RAG_STORE_FAILED' });
    server.failWith(undefined);
    expect(await index.get({ ids: ['a'] })).toEqual([]);
    await own.close();
    await expect(index.count()).rejects.toMatchObject({ code: 'ERR_RAG_STORE_CLOSED' });
  });
});
