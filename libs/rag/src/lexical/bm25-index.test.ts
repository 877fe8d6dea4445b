import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createBm25Index, restoreBm25Index } from './create-bm25-index.js';
import { rankSlots } from './internal/rank-slots.js';
import { impactsOfValues } from './internal/term-impacts.js';
import { loadAnalyzer } from './load-analyzer.js';

const TEXTS: Readonly<Record<string, string>> = {
  ice: 'The red fox crosses the frozen river in winter.',
  den: 'A fox den: red earth, dry leaves, and the fox asleep.',
  sky: 'Authentication tokens expire; authenticate again in winter.',
  sea: 'The frozen sea has no river and no fox.',
};

function indexOf(texts: Readonly<Record<string, string>>) {
  const index = createBm25Index();
  for (const [id, text] of Object.entries(texts)) index.set(id, text);
  return index;
}
const idsOf = ({ matches }: { matches: readonly { id: string }[] }): string[] =>
  matches.map(({ id }) => id);

describe('Bm25Index.search', () => {
  it('gives the best of all scores, with the mean and deviation of all', () => {
    const index = indexOf(TEXTS);
    const all = index.score('red fox river');
    const some = index.search({ query: 'red fox river', topK: 2 });
    const best = [...all.scores].sort((a, b) => b[1] - a[1]).slice(0, 2);
    expect(some.matches).toEqual(best.map(([id, score]) => ({ id, score })));
    expect(some).toMatchObject({ mean: all.mean, deviation: all.deviation });
  });

  it('gives only what is accepted', () => {
    const index = indexOf(TEXTS);
    expect(idsOf(index.search({ query: 'fox', topK: 1, accept: (id) => id === 'sea' }))).toEqual([
      'sea',
    ]);
    expect(idsOf(index.search({ query: 'fox', topK: 0 }))).toEqual([]);
    expect(idsOf(index.search({ query: 'nowhere', topK: 5 }))).toEqual([]);
  });

  it('finds phrases, with words between where told to, and nothing across fields', () => {
    const index = indexOf(TEXTS);
    const phrase = (text: string, slop = 0) =>
      idsOf(index.search({ query: [{ kind: 'phrase', text, slop }], topK: 9 }));
    expect(phrase('frozen river')).toEqual(['ice']);
    expect(phrase('red leaves')).toEqual([]);
    expect(phrase('red leaves', 2)).toEqual(['den']);
    expect(phrase('river frozen')).toEqual([]);
    expect(phrase('frozen unicorn')).toEqual([]);
    const fields = createBm25Index({ fields: { title: {}, text: {} } });
    fields.set('a', { title: 'Frozen', text: 'river' });
    expect(
      fields.search({ query: [{ kind: 'phrase', text: 'frozen river' }], topK: 1 }).matches,
    ).toEqual([]);
  });

  it('finds beginnings of words as they are written, not as they are stemmed', () => {
    const index = indexOf(TEXTS);
    const search = (text: string) =>
      idsOf(index.search({ query: [{ kind: 'prefix', text }], topK: 9 }));
    expect(search('authentica')).toEqual(['sky']);
    expect(search('authenticatio')).toEqual(['sky']);
    expect(search('fro').toSorted()).toEqual(['ice', 'sea']);
  });

  it('finds words with letters wrong, the nearest first', () => {
    const index = indexOf({ a: 'a river', b: 'a rover', c: 'a driver' });
    expect(idsOf(index.search({ query: [{ kind: 'fuzzy', text: 'rvier' }], topK: 9 }))).toEqual([
      'a',
    ]);
    const [first, ...others] = idsOf(
      index.search({ query: [{ kind: 'fuzzy', text: 'river' }], topK: 9 }),
    );
    expect(first).toBe('a');
    expect(others.toSorted()).toEqual(['b', 'c']);
  });

  it('leaves out texts without what must be there, and with what must not', () => {
    const index = indexOf(TEXTS);
    const query = [
      { kind: 'words', text: 'fox' },
      { kind: 'words', text: 'winter', occurs: 'must' },
    ] as const;
    expect(idsOf(index.search({ query, topK: 9 })).toSorted()).toEqual(['ice', 'sky']);
    expect(
      idsOf(
        index.search({
          query: [query[0], { kind: 'words', text: 'frozen', occurs: 'not' }],
          topK: 9,
        }),
      ),
    ).toEqual(['den']);
    expect(
      index.search({ query: [query[0], { kind: 'words', text: 'zebra', occurs: 'must' }], topK: 9 })
        .matches,
    ).toEqual([]);
  });

  it('ranks the same whether long lists are skipped or not', () => {
    const random = createSeededRandom(7);
    const size = 100_000;
    const scores = new Float32Array(size);
    const legs = [0.9, 0.8, 0.7, 0.6, 0.001].map((share, n) => {
      const all = Array.from({ length: size }, (_, slot) => slot);
      const slots = Int32Array.from(all.filter(() => random.next() < share));
      const impacts = impactsOfValues(Float32Array.from(slots, () => random.next()));
      return { ...impacts, slots, length: slots.length, weight: n === 4 ? 9 : 1 + n };
    });
    const plan = { legs, musts: [], nots: [] };
    const pruned = rankSlots({ plan, scores, size, topK: 20 });
    const whole = rankSlots({ plan, scores, size, topK: 20, accept: () => true });
    expect(pruned.best.map(({ slot }) => slot)).toEqual(whole.best.map(({ slot }) => slot));
    expect(pruned.mean).toBeCloseTo(whole.mean, 3);
    expect(pruned.deviation).toBeCloseTo(whole.deviation, 1);
  });

  it.each([1, 2, 3])('ranks as adding up all that the formula gives does (seed %i)', (seed) => {
    const random = createSeededRandom(seed);
    const word = (): string => `w${Math.floor(40 * random.next() ** 3)}`;
    const texts = Array.from({ length: 300 }, () =>
      Array.from({ length: 1 + Math.floor(random.next() * 30) }, word),
    );
    const index = createBm25Index({ k1: 0.9, b: 0.4 });
    for (const [n, words] of texts.entries()) index.set(String(n), words.join(' '));
    const mean = texts.reduce((sum, { length }) => sum + length, 0) / texts.length;
    for (let n = 0; n < 30; n += 1) {
      const query = Array.from({ length: 1 + (n % 6) }, word);
      const expected = texts.map((words) =>
        query.reduce((sum, term) => {
          const tf = words.filter((other) => other === term).length;
          const length = 1 - 0.4 + (0.4 * words.length) / mean;
          return sum + (index.rarity(term) * tf * 1.9) / (tf + 0.9 * length);
        }, 0),
      );
      const found = index.search({ query: query.join(' '), topK: 25 });
      const best = expected.toSorted((a, b) => b - a).filter((score) => score > 0);
      expect(found.matches).toHaveLength(Math.min(25, best.length));
      for (const [place, { id, score }] of found.matches.entries()) {
        expect(score).toBeCloseTo(expected[Number(id)] ?? 0, 4);
        expect(score).toBeCloseTo(best[place] ?? 0, 4);
      }
      const average = expected.reduce((sum, score) => sum + score, 0) / expected.length;
      const variance = expected.reduce((sum, score) => sum + (score - average) ** 2, 0);
      expect(found.mean).toBeCloseTo(average, 4);
      expect(found.deviation).toBeCloseTo(Math.sqrt(variance / expected.length), 4);
    }
  });
});

describe('BM25F', () => {
  it('scores as the naive formula does', () => {
    const k1 = 1.1;
    const index = createBm25Index({
      k1,
      fields: { title: { weight: 3, b: 0.2 }, text: { b: 0.6 } },
    });
    index.set('a', { title: 'red wine', text: 'wine and red grapes from the hills' });
    index.set('b', { title: 'white', text: 'red' });
    const mean = { title: 1.5, text: 3 };
    const naive = (title: [number, number], text: [number, number]): number => {
      const tf =
        (3 * title[0]) / (1 - 0.2 + (0.2 * title[1]) / mean.title) +
        text[0] / (1 - 0.6 + (0.6 * text[1]) / mean.text);
      return (Math.log(1 + 0.5 / 2.5) * tf * (k1 + 1)) / (tf + k1);
    };
    const { scores } = index.score('red');
    // "and" and "the" do not count.
    const length = { a: 5, b: 1 };
    expect(scores.get('a')).toBeCloseTo(naive([1, 2], [1, length.a]), 5);
    expect(scores.get('b')).toBeCloseTo(naive([0, 1], [1, length.b]), 5);
  });

  it('refuses options out of range', () => {
    expect(() => createBm25Index({ b: 2 })).toThrow(/b/u);
    expect(() => createBm25Index({ k1: -1 })).toThrow(/k1/u);
    expect(() => createBm25Index({ fields: {} })).toThrow(/field/u);
  });
});

describe('Bm25Index over its life', () => {
  it('forgets what was deleted, in memory and in bytes', () => {
    const index = indexOf({ ...TEXTS, secret: 'the xylophone password' });
    index.delete('secret');
    expect(index.documentFrequency('xylophon')).toBe(0);
    expect([...index.words()].map(({ word }) => word)).not.toContain('xylophone');
    expect(new TextDecoder('latin1').decode(index.serialize())).not.toContain('xyloph');
  });

  it('is after thousands of changes as if built anew', () => {
    const random = createSeededRandom(3);
    const text = () =>
      Array.from({ length: 6 }, () => `w${Math.floor(random.next() * 50)}`).join(' ');
    const changed = createBm25Index();
    const kept = new Map<string, string>();
    for (let n = 0; n < 6000; n += 1) {
      const id = String(Math.floor(random.next() * 400));
      if (random.next() < 0.3) {
        changed.delete(id);
        kept.delete(id);
      } else {
        const words = text();
        changed.set(id, words);
        kept.delete(id);
        kept.set(id, words);
      }
    }
    const fresh = indexOf(Object.fromEntries(kept));
    expect(changed.size).toBe(fresh.size);
    const expected = fresh.score('w1 w2 w3');
    const actual = changed.score('w1 w2 w3');
    expect(actual.mean).toBeCloseTo(expected.mean, 5);
    expect(new Map(actual.scores)).toEqual(new Map(expected.scores));
  });

  it('comes back from its bytes', async () => {
    const fields = { title: { weight: 2 }, text: {} };
    const analyzer = await loadAnalyzer('de');
    const index = createBm25Index({ fields, analyzer });
    index.set('a', { title: 'Häuser', text: 'Die Häuser der Stadt' });
    index.set('b', { title: 'Wege', text: 'ein Weg' });
    index.delete('b');
    index.set('c', { title: 'Wege', text: 'lange Wege' });
    const back = restoreBm25Index(index.serialize(), { fields, analyzer });
    expect(back.score('Haus Weg')).toEqual(index.score('Haus Weg'));
    expect(back.termsOf('c')).toEqual(index.termsOf('c'));
    expect(back.holds('c', 'weg')).toBe(true);
    back.set('d', { title: 'neu' });
    expect(back.size).toBe(3);
  });

  it('refuses bytes that are damaged or of another index', async () => {
    const bytes = indexOf(TEXTS).serialize();
    const code = 'ERR_RAG_LEXICAL_INDEX_CORRUPT';
    const damaged = bytes.slice();
    damaged[40] = (damaged[40] ?? 0) ^ 1;
    for (const broken of [damaged, bytes.slice(0, 30), new Uint8Array(), bytes.slice(0, -1)]) {
      expect(() => restoreBm25Index(broken)).toThrow(expect.objectContaining({ code }));
    }
    const analyzer = await loadAnalyzer('de');
    expect(() => restoreBm25Index(bytes, { analyzer })).toThrow(/en-porter-1/u);
  });
});
