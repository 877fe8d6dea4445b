import { describe, expect, it } from 'vitest';
import { createSpellingRepair } from './spelling-repair.js';

const { repair } = createSpellingRepair({
  targets: ['the', 'that', 'people', 'should', 'destroy', 'women', 'woman', 'worthless', 'form'],
  known: ['wimen', 'from'],
});

describe('the repair of typing errors', () => {
  it.each([
    ['two letters exchanged', 'peolpe', 'people'],
    ['a letter left out', 'destoy', 'destroy'],
    ['a letter too many', 'worthlesss', 'worthless'],
    ['a wrong letter', 'desxroy', 'destroy'],
    ['two slips', 'dexxroy', undefined],
    ['the neighbouring key', 'shoukd', 'should'],
  ])('finds the word behind %s', (_, mistyped, word) => {
    expect(repair(mistyped)).toBe(word);
  });

  it('takes the likelier slip, and of like ones the more frequent word', () => {
    expect(repair('womwn')).toBe('women');
    expect(repair('womzn')).toBe('women');
    expect(repair('wonan')).toBe('woman');
  });

  it('leaves known words, short words, names of files and things with digits as they are', () => {
    for (const text of [
      'wimen',
      'from',
      'fo',
      'wmn',
      'destoy.ts',
      '@peolpe',
      'peolpe2',
      "peolpe's",
      '',
    ])
      expect(repair(text)).toBe(undefined);
  });

  it('leaves all else of the text as it is', () => {
    expect(repair('Peolpe, shuold\nNOT 2 destoy!')).toBe('people, should\nNOT 2 destroy!');
  });

  it('looks a bounded number of words up', () => {
    const unknown = Array.from(
      { length: 64 },
      (_, at) => `zqx${String.fromCharCode(97 + (at % 26), 97 + ((at * 7) >> 5))}qz`,
    );
    expect(repair([...unknown, 'destroyy'].join(' '))).toBe(undefined);
    expect(repair(['destoy', ...unknown].join(' '))).toBe(['destroy', ...unknown].join(' '));
  });
});
