import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSeededRandom, EspalierError, type EmbeddingModel } from '@espalier/core';
import { createFakeClock, createMockEmbeddingModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VectorInvalidError } from '../errors.js';
import { createEmbeddingCacheFile } from './create-embedding-cache-file.js';
import { createEmbeddingPipeline } from './create-embedding-pipeline.js';
import { embeddingIdentity } from './embedding-identity.js';
import { hashText } from './hash-text.js';

class Overloaded extends EspalierError {
  readonly retryAfterMs: number | undefined;
  constructor(options: { isRetryable: boolean; retryAfterMs?: number }) {
    super({ code: 'ERR_TEST', message: 'no', isRetryable: options.isRetryable });
    this.retryAfterMs = options.retryAfterMs;
  }
}

const words = (count: number): string[] => Array.from({ length: count }, (_, n) => `word${n}`);
const answering = (vectors: (texts: readonly string[]) => Float32Array[]): EmbeddingModel => ({
  ...createMockEmbeddingModel({ dimension: 4 }),
  doEmbed: ({ texts }) =>
    Promise.resolve({ embeddings: vectors(texts), usage: { inputTokens: 0 }, warnings: [] }),
});

/** A clock whose sleeps end at once, and which says how long they were. */
function instantClock() {
  const pauses: number[] = [];
  const clock = {
    ...createFakeClock(),
    sleep: (ms: number) => Promise.resolve(void pauses.push(ms)),
  };
  return { clock, pauses, random: createSeededRandom(1) };
}

describe('the embedding pipeline', () => {
  it('gives vectors in the order of the texts and embeds equal texts once', async () => {
    const model = createMockEmbeddingModel({ dimension: 8 });
    const texts = ['b', 'a', 'b', 'c', 'a'];
    const vectors = await createEmbeddingPipeline({ model }).embed({ texts });
    const { embeddings } = await createMockEmbeddingModel({ dimension: 8 }).doEmbed({ texts });
    expect(vectors).toEqual(embeddings);
    expect(model.calls.flatMap((call) => call.texts)).toEqual(['b', 'a', 'c']);
    expect(model.calls.every(({ purpose }) => purpose === 'document')).toBe(true);
  });

  it('keeps the limits of the model on texts and on tokens of one call', async () => {
    const mock = createMockEmbeddingModel({ maxTextsPerCall: 4 });
    const model = { ...mock, limits: { ...mock.limits, maxTokensPerText: 5, maxTokensPerCall: 6 } };
    // The first counts as five, because a model reads no more of it.
    const texts = ['a b c d e f g h', 'one', 'two three', ...words(6)];
    await createEmbeddingPipeline({ model, concurrency: 1 }).embed({ texts });
    expect(mock.calls.map((call) => call.texts)).toEqual([
      ['a b c d e f g h', 'one'],
      ['two three', 'word0', 'word1', 'word2'],
      ['word3', 'word4', 'word5'],
    ]);
  });

  it('makes as many calls at once as asked, and one where the model takes no more', async () => {
    const mock = createMockEmbeddingModel({ maxTextsPerCall: 1 });
    const most = async (supportsParallelCalls: boolean): Promise<number> => {
      let running = 0;
      let seen = 0;
      const model: EmbeddingModel = {
        ...mock,
        limits: { ...mock.limits, supportsParallelCalls },
        async doEmbed(call) {
          running += 1;
          seen = Math.max(seen, running);
          await Promise.resolve();
          running -= 1;
          return mock.doEmbed(call);
        },
      };
      await createEmbeddingPipeline({ model, concurrency: 3 }).embed({ texts: words(9) });
      return seen;
    };
    expect([await most(true), await most(false)]).toEqual([3, 1]);
  });

  it('repeats a call that may succeed later, after growing pauses, no shorter than the provider asks for', async () => {
    const { clock, pauses, random } = instantClock();
    let failures = 3;
    const model = createMockEmbeddingModel({
      error: () =>
        failures-- > 0
          ? new Overloaded({ isRetryable: true, ...(failures === 0 && { retryAfterMs: 9000 }) })
          : undefined,
    });
    const vectors = await createEmbeddingPipeline({ model, clock, random }).embed({ texts: ['a'] });
    expect(vectors).toHaveLength(1);
    expect(pauses).toEqual([expect.closeTo(375, -3), expect.closeTo(750, -3), 9000]);
  });

  it('does not repeat what cannot succeed, and asks a provider that is down only as often as its budget says', async () => {
    const count = async (isRetryable: boolean, texts: number): Promise<number> => {
      const { clock, random } = instantClock();
      const model = createMockEmbeddingModel({
        maxTextsPerCall: 1,
        error: () => new Overloaded({ isRetryable }),
      });
      const pipeline = createEmbeddingPipeline({
        model,
        clock,
        random,
        concurrency: 1,
        retry: { maxAttempts: 3, maxRetries: 5 },
      });
      await expect(pipeline.embed({ texts: words(texts) })).rejects.toThrow(Overloaded);
      return model.calls.length;
    };
    expect(await count(false, 3)).toBe(1);
    expect(await count(true, 3)).toBe(3);
    const { clock, random } = instantClock();
    let n = 0;
    const flaky = createMockEmbeddingModel({
      maxTextsPerCall: 1,
      error: () => (n++ % 2 === 0 ? new Overloaded({ isRetryable: true }) : undefined),
    });
    const pipeline = createEmbeddingPipeline({
      model: flaky,
      clock,
      random,
      concurrency: 1,
      retry: { maxRetries: 5 },
    });
    // Each text fails once: the sixth finds the budget spent.
    await expect(pipeline.embed({ texts: words(9) })).rejects.toThrow(Overloaded);
    expect(flaky.calls).toHaveLength(11);
  });

  it('ends the other calls when one fails, and passes an abort on', async () => {
    const mock = createMockEmbeddingModel({ maxTextsPerCall: 1 });
    const problem = new Error('broken');
    const model: EmbeddingModel = {
      ...mock,
      doEmbed: (call) =>
        call.texts[0] === 'word0'
          ? Promise.reject(problem)
          : new Promise((_, reject) => {
              call.abortSignal?.addEventListener('abort', () => {
                reject(call.abortSignal?.reason as Error);
              });
            }),
    };
    await expect(createEmbeddingPipeline({ model }).embed({ texts: words(2) })).rejects.toBe(
      problem,
    );
    const abortSignal = AbortSignal.abort(new DOMException('Stop.', 'AbortError'));
    const pipeline = createEmbeddingPipeline({ model: mock });
    await expect(pipeline.embed({ texts: ['a'], abortSignal })).rejects.toThrow('Stop.');
  });

  it.each([
    ['too few vectors', () => []],
    ['another length', () => [new Float32Array(3)]],
    ['a value that is no number', () => [Float32Array.of(0, Number.NaN, 0, 0)]],
    ['an endless value', () => [Float32Array.of(0, 0, Number.POSITIVE_INFINITY, 0)]],
  ])('refuses %s from the model', async (_, vectors) => {
    const pipeline = createEmbeddingPipeline({ model: answering(vectors) });
    await expect(pipeline.embed({ texts: ['a'] })).rejects.toThrow(VectorInvalidError);
    await expect(pipeline.embedQuery({ query: 'a' })).rejects.toThrow(VectorInvalidError);
  });

  it('takes the zero vector of a text without a token', async () => {
    const [vector] = await createEmbeddingPipeline({
      model: createMockEmbeddingModel({ dimension: 4 }),
    }).embed({ texts: ['…'] });
    expect([...(vector ?? [])]).toEqual([0, 0, 0, 0]);
  });
});

describe('the cache of vectors', () => {
  let folder: string;
  const open = (options: { maxBytes?: number } = {}) =>
    createEmbeddingCacheFile({ path: join(folder, 'embeddings.sqlite'), ...options });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'embeddings-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets no text be embedded twice by one model, also after a restart', async () => {
    const texts = words(20);
    const first = createMockEmbeddingModel({ dimension: 8 });
    let cache = await open();
    const vectors = await createEmbeddingPipeline({ model: first, cache }).embed({ texts });
    await cache.close();
    cache = await open();
    const second = createMockEmbeddingModel({ dimension: 8 });
    const pipeline = createEmbeddingPipeline({ model: second, cache });
    expect(await pipeline.embed({ texts: [...texts, 'new'] })).toEqual([
      ...vectors,
      ...(await first.doEmbed({ texts: ['new'] })).embeddings,
    ]);
    expect(second.calls.flatMap((call) => call.texts)).toEqual(['new']);
    await cache.close();
  });

  it('keeps models and revisions apart', async () => {
    const mock = createMockEmbeddingModel({ dimension: 8 });
    const cache = await open();
    for (const model of [mock, { ...mock, revision: '2' }, { ...mock, modelId: 'other' }])
      await createEmbeddingPipeline({ model, cache }).embed({ texts: ['a'] });
    expect(mock.calls).toHaveLength(3);
    expect(embeddingIdentity({ ...mock, revision: '2' })).toBe('mock/mock-embedding-8@2');
    expect(await cache.clear({ embedding: 'mock/other' })).toBe(1);
    expect(await cache.forget([hashText('a')])).toBe(2);
    await cache.close();
  });

  it('keeps what was embedded before a failure', async () => {
    const cache = await open();
    const texts = words(6);
    let isDown = true;
    const model = createMockEmbeddingModel({
      maxTextsPerCall: 2,
      error: (call) => (isDown && call.texts.includes('word4') ? new Error('down') : undefined),
    });
    const pipeline = createEmbeddingPipeline({ model, cache, concurrency: 1 });
    await expect(pipeline.embed({ texts })).rejects.toThrow('down');
    isDown = false;
    await pipeline.embed({ texts });
    expect(model.calls.map((call) => call.texts).at(-1)).toEqual(['word4', 'word5']);
    expect(model.calls).toHaveLength(4);
    await cache.close();
  });

  it('stays below its limit by letting go of what was used longest ago', async () => {
    const model = createMockEmbeddingModel({ dimension: 16, maxTextsPerCall: 1 });
    const cache = await open({ maxBytes: 10 * 64 });
    const clock = createFakeClock();
    const pipeline = createEmbeddingPipeline({ model, cache, clock, concurrency: 1 });
    await pipeline.embed({ texts: words(40) });
    const hashes = words(40).map(hashText);
    const left = await cache.get({ embedding: pipeline.embedding, textHashes: hashes });
    expect(left.size).toBeLessThanOrEqual(10);
    expect(left.size).toBeGreaterThan(5);
    await cache.close();
  });

  it('leaves no byte of a vector that was forgotten and purged', async () => {
    const model = createMockEmbeddingModel({ dimension: 16 });
    const cache = await open();
    const pipeline = createEmbeddingPipeline({ model, cache });
    const [gone, kept] = await pipeline.embed({ texts: ['gone', 'kept'] });
    expect(await pipeline.forget([hashText('gone'), hashText('never there')])).toBe(1);
    await cache.purge();
    const bytes = Buffer.concat(
      readdirSync(folder).map((file) => readFileSync(join(folder, file))),
    );
    expect(bytes.includes(Buffer.from(gone?.buffer ?? new ArrayBuffer(1)))).toBe(false);
    expect(bytes.includes(hashText('gone'))).toBe(false);
    expect(bytes.includes(Buffer.from(kept?.buffer ?? new ArrayBuffer(1)))).toBe(true);
    await cache.close();
  });
});
