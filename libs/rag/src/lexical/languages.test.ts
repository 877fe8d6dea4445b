import { describe, expect, it } from 'vitest';
import { detectLanguage } from './detect-language.js';
import { editDistance } from './edit-distance.js';
import { parseLexicalQuery } from './lexical-query.js';
import { ANALYZED_LANGUAGES, loadAnalyzer } from './load-analyzer.js';
import { termsOf } from './text-analyzer.js';

describe('loadAnalyzer', () => {
  it.each(ANALYZED_LANGUAGES)('analyses %s', async (language) => {
    const analyzer = await loadAnalyzer(language);
    expect(analyzer.id).toContain(language);
    expect(termsOf(analyzer, 'getUserName 東京都')).toEqual(
      expect.arrayContaining(['user', '東京', '京都'].map((word) => analyzer.termOf(word) ?? word)),
    );
  });

  it.each([
    ['de', 'die Häuser', 'das Haus'],
    ['fr', 'les chevaux mangeaient', 'le cheval mange'],
    ['es', 'las canciones', 'la canción'],
    ['it', 'i ragazzi parlano', 'il ragazzo parla'],
    ['ru', 'красивые книги', 'красивая книга'],
    ['sv', 'flickorna', 'flicka'],
  ] as const)('finds the same terms in inflected words of %s', async (language, first, second) => {
    const analyzer = await loadAnalyzer(language);
    const shared = termsOf(analyzer, first).filter((term) =>
      termsOf(analyzer, second).includes(term),
    );
    expect(shared).not.toEqual([]);
  });

  it('refuses a language it does not know', async () => {
    await expect(loadAnalyzer('xx' as 'en')).rejects.toThrow(/language/u);
  });
});

describe('detectLanguage', () => {
  it.each([
    ['en', 'The text is about the ways in which words of a language are found, and that is all.'],
    ['de', 'Der Text handelt von der Sprache, und das ist nicht alles, was mit ihr zu tun hat.'],
    ['fr', 'Le texte est dans une langue que les gens parlent avec des mots qui sont courts.'],
    [
      'es',
      'El texto está en una lengua que los niños hablan con sus padres, pero no por las noches.',
    ],
    ['it', 'Il testo è nella lingua che i bambini parlano, ed è una delle lingue del paese.'],
    ['ru', 'Это текст на языке, который был известен из книг, и он не так прост, как его друг.'],
    ['und', 'x = foo(bar); return baz[3]; 東京都'],
  ])('tells %s', (language, text) => {
    expect(detectLanguage([text])).toBe(language);
  });
});

describe('parseLexicalQuery', () => {
  it('reads phrases, beginnings, misspelt words and signs; all else are words', () => {
    expect(
      parseLexicalQuery('red "frozen river"~2 auth* wintr~ +fox -"no sea" a* - "open'),
    ).toEqual([
      { kind: 'words', text: 'red a* - "open' },
      { kind: 'phrase', text: 'frozen river', slop: 2, occurs: 'should' },
      { kind: 'prefix', text: 'auth', occurs: 'should' },
      { kind: 'fuzzy', text: 'wintr', occurs: 'should' },
      { kind: 'words', text: 'fox', occurs: 'must' },
      { kind: 'phrase', text: 'no sea', slop: 0, occurs: 'not' },
    ]);
    expect(parseLexicalQuery('word~2')).toEqual([
      { kind: 'fuzzy', text: 'word', distance: 2, occurs: 'should' },
    ]);
    expect(parseLexicalQuery('')).toEqual([]);
  });
});

describe('editDistance', () => {
  it.each([
    ['river', 'river', 0],
    ['rvier', 'river', 1],
    ['rver', 'river', 1],
    ['sitting', 'kitten', 3],
    ['abc', 'xyz', 3],
    ['', 'ab', 2],
  ])('from %s to %s is %i', (first, second, expected) => {
    expect(editDistance(first, second, 3)).toBe(expected);
    expect(editDistance(second, first, 3)).toBe(expected);
  });

  it('does not count beyond its limit', () => {
    expect(editDistance('abcdef', 'uvwxyz', 2)).toBe(3);
  });
});
