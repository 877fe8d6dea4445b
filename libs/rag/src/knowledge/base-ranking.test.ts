import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWordEncoder } from '../__fixtures__/create-word-encoder.js';
import { textSource } from '../__fixtures__/text-source.js';
import { createHybridRanker } from '../ranking/create-hybrid-ranker.js';
import { createTokenEmbeddingModel } from '../ranking/create-token-embedding-model.js';
import { createTokenStateFile } from '../ranking/create-token-state-file.js';
import { RankerFeatureError } from '../ranking/errors.js';
import { HYBRID_PROFILES } from '../ranking/hybrid-profile.js';
import { scoreWithModel, type RankerModel } from '../ranking/learned/ranker-model.js';
import { RANKING_FEATURES, type RankingFeature } from '../ranking/learned/ranking-features.js';
import type { BaseRanking } from './base-ranking.js';
import { createKnowledgeBases, type KnowledgeBasesOptions } from './create-knowledge-bases.js';
import type { KnowledgeBase } from './knowledge-base.js';

const TEXTS = ['cat dog fish', 'bird wing song', 'cat tail paw cat', 'dog paw song', 'fish tail'];
const sources = TEXTS.map((text, n) => textSource(`${n}.txt`, text));

/** One question: is the feature above the threshold? Then it is worth 100. */
function asking(feature: RankingFeature, threshold: number): RankerModel {
  return {
    features: [...RANKING_FEATURES],
    trees: [
      {
        features: [RANKING_FEATURES.indexOf(feature), -1, -1],
        thresholds: [threshold, 0, 0],
        children: [1, 0, 0],
        values: [0, 0, 100],
      },
    ],
    evidence: {},
  };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'base-ranking-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function open(
  rankings: Readonly<Record<string, BaseRanking>>,
  more: Partial<KnowledgeBasesOptions> = {},
) {
  const encoder = createWordEncoder();
  const bases = await createKnowledgeBases({
    folder,
    embeddingModel: createTokenEmbeddingModel({ encoder }),
    tokenEncoder: encoder,
    rankingOf: ({ name }) => rankings[name],
    ...more,
  });
  const fill = async (name: string): Promise<KnowledgeBase> => {
    const base = await bases.create({ name });
    await base.ingest({ sources });
    return base;
  };
  return { bases, encoder, fill };
}
const legsOf = async (base: KnowledgeBase) =>
  (await base.explain({ query: 'cat paw' })).legs.map(({ name }) => name);
const textsOf = async (base: KnowledgeBase, query: string) =>
  (await base.search({ query })).passages.map(({ text }) => text);

describe('The ranking of one knowledge base', () => {
  it('does without token states where it says so, and others keep theirs', async () => {
    const { bases, fill } = await open({ plain: { tokenStates: false } });
    expect(await legsOf(await fill('plain'))).not.toContain('maxSim');
    expect(await legsOf(await fill('other'))).toContain('maxSim');
    expect(await bases.list()).toMatchObject([
      { name: 'other', ranking: { tokenStates: 2, weights: { maxSim: 0.4 }, isLearned: false } },
      { name: 'plain', ranking: { tokenStates: false, weights: { maxSim: 0 } } },
    ]);
    await bases.close();
  });

  it('has weights of its own', async () => {
    const { bases, fill } = await open({ words: { weights: { vector: 0, bm25: 2 } } });
    const { legs } = await (await fill('words')).explain({ query: 'cat paw' });
    expect(legs.find(({ name }) => name === 'bm25')).toMatchObject({ weight: 2 });
    expect(legs.find(({ name }) => name === 'vector')).toMatchObject({ weight: 0 });
    await bases.close();
  });

  it.each([4, false] as const)(
    'tells of token states that are not kept as configured by now (%s), and repair forgets them',
    async (tokenStates) => {
      const before = await open({});
      await before.fill('docs');
      await before.bases.close();
      const { bases, encoder } = await open({ docs: { tokenStates } });
      const base = await bases.get('docs');
      expect(await base.health()).toMatchObject({
        isHealthy: true,
        findings: [{ kind: 'stale-token-states', severity: 'notice', count: TEXTS.length }],
      });
      expect((await base.repair()).health.findings).toEqual([]);
      encoder.encoded.length = 0;
      await base.search({ query: 'cat paw' });
      expect(encoder.encoded.filter((text) => TEXTS.includes(text))).toHaveLength(
        tokenStates === false ? 0 : TEXTS.length,
      );
      expect((await base.health()).findings).toEqual([]);
      await bases.close();
    },
  );

  it('writes token states anew in other bits when it is indexed anew', async () => {
    const before = await open({}, { embedding: { cache: false } });
    await before.fill('docs');
    await before.bases.close();
    const { bases } = await open({ docs: { tokenStates: 4 } }, { embedding: { cache: false } });
    await bases.reindex({ name: 'docs' });
    expect((await (await bases.get('docs')).health()).findings).toEqual([]);
    await bases.close();
  });
});

describe('A learned ranker of a knowledge base', () => {
  it('orders the candidates, and the explanation shows what it added', async () => {
    const { bases, fill } = await open({ learned: { ranker: asking('length', Math.log(4.5)) } });
    expect((await textsOf(await fill('plain'), 'fish tail'))[0]).toBe('fish tail');
    const base = await fill('learned');
    expect((await textsOf(base, 'fish tail'))[0]).toBe('cat tail paw cat');
    const { passages, legs } = await base.explain({ query: 'fish tail' });
    expect(legs).toContainEqual(expect.objectContaining({ name: 'learned', mean: 0 }));
    const [best, second] = passages.map((passage) => passage.legs);
    expect(best).toContainEqual(expect.objectContaining({ leg: 'learned', score: 100, rank: 1 }));
    expect(second).toContainEqual(expect.objectContaining({ leg: 'learned', score: 0 }));
    for (const passage of passages) {
      const sum = passage.legs.reduce((total, { contribution }) => total + contribution, 0);
      expect(passage.score).toBeCloseTo(sum, 8);
    }
    await bases.close();
  });

  it.each([
    ['bm25Z', 0.9],
    ['vectorZ', 0.9],
    ['partZ', 0.2],
    ['maxSimZ', 0.9],
    ['maxSim', 0.3],
  ] as const)('reads the legs of the search: %s', async (feature, threshold) => {
    const { bases, fill } = await open({ docs: { ranker: asking(feature, threshold) } });
    const { passages } = await (await fill('docs')).explain({ query: 'fish tail' });
    const added = passages.map(
      ({ legs }) => legs.find(({ leg }) => leg === 'learned')?.score ?? NaN,
    );
    expect(passages[0]?.source).toBe('4.txt');
    expect(added[0]).toBeCloseTo(100, 3);
    expect(added.at(-1)).toBeCloseTo(0, 3);
    await bases.close();
  });

  it('adds what it adds in a ranker of the whole corpus', async () => {
    const questions: readonly (readonly [RankingFeature, number])[] = [
      ['bm25Z', 0.5],
      ['vectorZ', 0.5],
      ['maxSimZ', 0.5],
      ['similarZ', 0],
      ['coverage', 0.9],
      ['bm25Share', 0.5],
      ['gap', 1],
      ['place', 1],
      ['length', Math.log(3.5)],
    ];
    const model: RankerModel = {
      features: ['score', ...questions.map(([feature]) => feature)],
      // Each is worth a binary digit, so that the sum tells which of them hold.
      trees: questions.map(([, threshold], n) => ({
        features: [n + 1, -1, -1],
        thresholds: [threshold, 0, 0],
        children: [1, 0, 0],
        values: [0, 0, 2 ** n],
      })),
      evidence: {},
    };
    const states = createTokenStateFile({ folder, modelId: 'words', layout: 'test' });
    const whole = await createHybridRanker({
      passages: TEXTS.map((text) => ({ id: text, text })),
      weights: HYBRID_PROFILES.quality,
      encoder: { tokenEncoder: createWordEncoder(), states },
    });
    const { bases, fill } = await open({ docs: { ranker: model, tokenStates: 4 } });
    const base = await fill('docs');
    for (const query of ['cat paw', 'fish tail', 'song of a bird']) {
      const features = await whole.features({ query });
      const column = features.names.indexOf('score');
      const sums = scoreWithModel(model, features);
      const expected = features.ids.map((id, row) => [
        id,
        Math.round((sums[row] ?? 0) - (features.values[row * features.names.length + column] ?? 0)),
      ]);
      const { passages, result } = await base.explain({ query });
      const found = passages.map(({ legs }, n) => [
        result.passages[n]?.text,
        Math.round(legs.find(({ leg }) => leg === 'learned')?.score ?? NaN),
      ]);
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
    }
    states.close();
    await bases.close();
  });

  it('changes nothing where it has no trees', async () => {
    const ranker: RankerModel = { features: ['score'], trees: [], evidence: {} };
    const { bases, fill } = await open({ learned: { ranker } });
    const query = 'cat song';
    expect(await textsOf(await fill('learned'), query)).toEqual(
      await textsOf(await fill('plain'), query),
    );
    await bases.close();
  });

  it.each<[RankingFeature, Omit<BaseRanking, 'ranker'>, RegExp]>([
    ['neighborsZ', {}, /neighborsZ.*not known to knowledge bases/u],
    ['age', {}, /age.*not known to knowledge bases/u],
    ['maxSimZ', { tokenStates: false }, /maxSimZ.*token states/u],
    ['vectorZ', { weights: { vector: 0 } }, /vectorZ.*leg "vector".*weight 0/u],
  ])(
    'that reads %s is refused where searches with %o do not know it',
    async (feature, own, why) => {
      const { bases, fill } = await open({ docs: { ...own, ranker: asking(feature, 0) } });
      const base = await fill('docs');
      const searching = base.search({ query: 'cat' });
      await expect(searching).rejects.toThrow(RankerFeatureError);
      await expect(searching).rejects.toThrow(why);
      await expect(base.context({ query: 'cat', maxTokens: 100 })).rejects.toThrow(why);
      await expect(base.explain({ query: 'cat' })).rejects.toThrow(why);
      expect(await base.health()).toMatchObject({ isHealthy: true });
      await bases.close();
    },
  );
});
