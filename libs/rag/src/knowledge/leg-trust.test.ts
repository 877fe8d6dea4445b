import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddingModel } from '@espalier/core';
import { createMockEmbeddingModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textSource } from '../__fixtures__/text-source.js';
import { createKnowledgeBases } from './create-knowledge-bases.js';
import type { KnowledgeBases } from './knowledge-base.js';

const THINGS =
  'anchor basket candle dragon engine falcon garden hammer island jacket kettle ladder magnet needle orchid pencil quarry ribbon saddle teapot umbrella violin walnut yogurt zipper'.split(
    ' ',
  );
const PAGES = THINGS.map((thing, n) =>
  textSource(`${thing}.txt`, `The ${thing} of our house stands in room ${n} beside the door.`),
);

/** Vectors that have nothing to do with their texts, and differ between questions and documents. */
function guessing(model: EmbeddingModel): EmbeddingModel {
  return {
    ...model,
    async doEmbed(options) {
      const result = await model.doEmbed(options);
      const embeddings = options.texts.map((text) => {
        const hash = createHash('sha512')
          .update(`${options.purpose ?? ''} ${text}`)
          .digest();
        return Float32Array.from(
          { length: model.dimension },
          (_, n) => (hash[n % hash.length] ?? 0) - 127.5,
        );
      });
      return { ...result, embeddings };
    },
  };
}

describe('A knowledge base', () => {
  let folder: string;
  let bases: KnowledgeBases | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rag-trust-'));
  });
  afterEach(async () => {
    await bases?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = async (embeddingModel: EmbeddingModel) => {
    bases = await createKnowledgeBases({ folder, embeddingModel });
    const base = await bases.create({ name: 'house' });
    await base.ingest({ sources: PAGES });
    return base;
  };

  it('ranks by words alone where its vectors are a guess, and its health says so', async () => {
    const base = await open(guessing(createMockEmbeddingModel()));
    for (const thing of THINGS.slice(0, 5)) {
      const explained = await base.explain({ query: `where is the ${thing}`, topK: 3 });
      expect(explained.result.passages[0]?.source).toBe(`${thing}.txt`);
      expect(explained.legs.find(({ name }) => name === 'vector')?.weight).toBe(0);
      expect(explained.legs.find(({ name }) => name === 'bm25')?.weight).toBeGreaterThan(0);
    }
    const { isHealthy, findings } = await base.health();
    expect(isHealthy).toBe(true);
    expect(findings).toMatchObject([
      { kind: 'untrusted-legs', severity: 'notice', count: 1, examples: ['vector'] },
    ]);
  });

  it('measures its legs once, and anew after it has grown by a fifth', async () => {
    const model = createMockEmbeddingModel();
    let calls = 0;
    const base = await open({
      ...model,
      doEmbed(options) {
        if (options.purpose === 'query' && options.texts.length > 1) calls += 1;
        return model.doEmbed(options);
      },
    });
    await base.search({ query: 'anchor' });
    await base.search({ query: 'basket' });
    expect(calls).toBe(1);
    const more = (count: number) =>
      Array.from({ length: count }, (_, n) =>
        textSource(`more-${n}.txt`, `Something else altogether, by the number of ${n} things.`),
      );
    await base.ingest({ sources: more(2) });
    await base.search({ query: 'candle' });
    expect(calls).toBe(1);
    await base.ingest({ sources: more(8) });
    await base.search({ query: 'dragon' });
    expect(calls).toBe(2);
  });
});
