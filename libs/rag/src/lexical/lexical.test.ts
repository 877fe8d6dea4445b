import { describe, expect, it } from 'vitest';
import { analyzeText } from './analyze-text.js';
import { createBm25Index } from './create-bm25-index.js';
import { porterStem } from './porter-stem.js';

describe('porterStem', () => {
  // Examples of the rules in M. F. Porter's paper, taken through all steps.
  it.each([
    ['caresses', 'caress'],
    ['ponies', 'poni'],
    ['ties', 'ti'],
    ['cats', 'cat'],
    ['feed', 'feed'],
    ['agreed', 'agre'],
    ['plastered', 'plaster'],
    ['bled', 'bled'],
    ['motoring', 'motor'],
    ['sing', 'sing'],
    ['conflated', 'conflat'],
    ['troubled', 'troubl'],
    ['sized', 'size'],
    ['hopping', 'hop'],
    ['falling', 'fall'],
    ['hissing', 'hiss'],
    ['failing', 'fail'],
    ['filing', 'file'],
    ['happy', 'happi'],
    ['sky', 'sky'],
    ['relational', 'relat'],
    ['conditional', 'condit'],
    ['valenci', 'valenc'],
    ['digitizer', 'digit'],
    ['radicalli', 'radic'],
    ['vietnamization', 'vietnam'],
    ['operator', 'oper'],
    ['feudalism', 'feudal'],
    ['hopefulness', 'hope'],
    ['sensibiliti', 'sensibl'],
    ['triplicate', 'triplic'],
    ['formative', 'form'],
    ['electrical', 'electr'],
    ['goodness', 'good'],
    ['revival', 'reviv'],
    ['allowance', 'allow'],
    ['adjustable', 'adjust'],
    ['adoption', 'adopt'],
    ['probate', 'probat'],
    ['rate', 'rate'],
    ['cease', 'ceas'],
    ['controll', 'control'],
    ['roll', 'roll'],
    ['yes', 'ye'],
    ['toy', 'toi'],
    ['by', 'by'],
  ])('takes %s to %s', (word, stem) => {
    expect(porterStem(word)).toBe(stem);
  });
});

describe('analyzeText', () => {
  it('lowers, stems and leaves out stop words', () => {
    expect(analyzeText('The Keys were rotated, and it works!')).toEqual([
      'kei',
      'were',
      'rotat',
      'work',
    ]);
  });
  it('gives identifiers whole and in parts', () => {
    expect(analyzeText('parseHTTPResponse max_retry_count')).toEqual([
      'parsehttprespons',
      'pars',
      'http',
      'respons',
      'max_retry_count',
      'max',
      'retri',
      'count',
    ]);
  });
  it('gives pairs of characters where there are no spaces', () => {
    expect(analyzeText('東京都 と API2')).toEqual(['東京', '京都', 'と', 'api2']);
  });
  it('finds the same word however its letters are written', () => {
    expect(analyzeText('ｆｕｌｌ cafe\u0301')).toEqual(analyzeText('full caf\u00e9'));
  });
  it('passes over endless runs', () => {
    expect(analyzeText('x'.repeat(1_000_000))).toEqual([]);
  });
});

describe('createBm25Index', () => {
  it('scores as the naive formula does', () => {
    const k1 = 0.9;
    const b = 0.4;
    const texts = [
      'red apple pie',
      'green apple apple tree',
      'blue sky',
      'red red red wine and pie',
    ];
    const index = createBm25Index({ k1, b });
    texts.forEach((text, n) => index.set(String(n), text));
    const { scores, mean, deviation } = index.score('red apple');

    const bags = texts.map(analyzeText);
    const average = bags.reduce((sum, bag) => sum + bag.length, 0) / bags.length;
    const naive = bags.map((bag) =>
      ['red', 'appl'].reduce((sum, term) => {
        const tf = bag.filter((word) => word === term).length;
        const df = bags.filter((other) => other.includes(term)).length;
        const idf = Math.log(1 + (bags.length - df + 0.5) / (df + 0.5));
        return sum + (idf * tf * (k1 + 1)) / (tf + k1 * (1 - b + (b * bag.length) / average));
      }, 0),
    );
    naive.forEach((expected, n) => expect(scores.get(String(n)) ?? 0).toBeCloseTo(expected, 5));
    const naiveMean = naive.reduce((sum, value) => sum + value, 0) / naive.length;
    expect(mean).toBeCloseTo(naiveMean, 5);
    expect(deviation).toBeCloseTo(
      Math.sqrt(naive.reduce((sum, value) => sum + (value - naiveMean) ** 2, 0) / naive.length),
      5,
    );
  });

  it('is after changes as if built anew', () => {
    const changed = createBm25Index();
    changed.set('a', 'one two');
    changed.set('b', 'two three');
    changed.set('a', 'three four');
    changed.delete('b');
    changed.delete('never there');
    const fresh = createBm25Index();
    fresh.set('a', 'three four');
    expect(changed.size).toBe(1);
    expect(changed.score('one two three four')).toEqual(fresh.score('one two three four'));
    expect(changed.documentFrequency('two')).toBe(0);
  });
});
