import { createSeededRandom, type Document } from '@espalier/core';
import { describeChunkerConformance } from '@espalier/testing/conformance';
import { describe, expect, it } from 'vitest';
import { createMarkdownLoader } from '../loaders/markdown-loader.js';
import { createRecursiveChunker } from './create-recursive-chunker.js';

const countTokens = (text: string): number =>
  text.match(/\p{L}+|\p{N}+|[^\p{L}\p{N}\s]/gu)?.length ?? 0;
const chunkerOf = (maxTokens: number) =>
  createRecursiveChunker({ countTokens, tokenizerId: 'words', maxTokens });

const markdown = (text: string, name = 'page.md'): Promise<Document> =>
  createMarkdownLoader().load({ bytes: new TextEncoder().encode(text), name });

const CODE = ['```js', ...Array.from({ length: 8 }, (_, n) => `line${n}();`), '```'].join('\n');
const TABLE = [
  '| a | b |',
  '| - | - |',
  ...Array.from({ length: 5 }, (_, n) => `| ${n} | x |`),
].join('\n');
const prose = (words: number): string =>
  Array.from({ length: words }, (_, n) => `word${n}${n % 9 === 8 ? '.' : ''}`).join(' ');

describeChunkerConformance('The recursive chunker', { create: () => chunkerOf(50) });

describe('createRecursiveChunker', () => {
  it('keeps every chunk within the limit of tokens', async () => {
    const document = await markdown(`# A\n\n${prose(500)}\n\n${CODE}\n\n## B\n\n${prose(300)}\n`);
    const chunks = chunkerOf(40).chunk(document);
    expect(chunks.length).toBeGreaterThan(20);
    for (const { text } of chunks) expect(countTokens(text)).toBeLessThanOrEqual(40);
  });

  it.each([
    ['a code block', CODE],
    ['a table', TABLE],
  ])('never cuts %s that fits', async (_, atom) => {
    const limit = countTokens(atom) + 5;
    for (let words = 1; words < 120; words += 7) {
      const document = await markdown(`# Title\n\n${prose(words)}\n\n${atom}\n\n${prose(words)}\n`);
      const holding = chunkerOf(limit)
        .chunk(document)
        .filter(({ text }) => text.includes(atom));
      expect(holding, `after ${words} words`).toHaveLength(1);
    }
  });

  it('cuts a code block that does not fit at its lines', async () => {
    const document = await markdown(`${CODE}\n`);
    const chunks = chunkerOf(12).chunk(document);
    expect(chunks.length).toBeGreaterThan(1);
    for (const { text } of chunks) expect(text).toMatch(/^(?:```|line)/u);
  });

  it('gives each chunk the path of its headings', async () => {
    const document = await markdown(
      `# Guide\n\nIntro.\n\n## Install\n\n### Linux\n\nRun it.\n\n## Use\n\nCall it.\n`,
    );
    const paths = chunkerOf(12)
      .chunk(document)
      .map(({ headingPath }) => headingPath);
    expect(paths).toEqual([['Guide'], ['Guide', 'Install', 'Linux'], ['Guide', 'Use']]);
  });

  it('does not leave a heading alone', async () => {
    const document = await markdown(`# A heading of some words\n\n${prose(60)}\n`);
    const [first] = chunkerOf(30).chunk(document);
    expect(first?.text).toContain('word0');
  });

  it('makes chunks of about equal size', async () => {
    const document = await markdown(prose(200).replaceAll('. ', '.\n\n'));
    const sizes = chunkerOf(90)
      .chunk(document)
      .map(({ text }) => countTokens(text));
    expect(Math.min(...sizes)).toBeGreaterThan(Math.max(...sizes) / 2);
  });

  it('covers all text in order whatever it is made of', () => {
    const random = createSeededRandom(7);
    const parts = [
      'word',
      ' ',
      '\n',
      '\n\n',
      '. ',
      '。',
      '漢字',
      '😀',
      'e\u0301',
      '\r\n',
      '\t',
      ',',
      '```',
      '#',
    ];
    for (let round = 0; round < 80; round += 1) {
      const length = 1 + Math.floor(random.next() * 300);
      const text = Array.from(
        { length },
        () => parts[Math.floor(random.next() * parts.length)],
      ).join('');
      const document = { id: 'd', source: 'd', mediaType: 'text/plain', text };
      let until = 0;
      for (const { span, text: words } of chunkerOf(1 + Math.floor(random.next() * 20)).chunk(
        document,
      )) {
        expect(text.slice(until, span.start).trim()).toBe('');
        expect(text.slice(span.start, span.end)).toBe(words);
        expect(words.isWellFormed()).toBe(true);
        until = span.end;
      }
      expect(text.slice(until).trim()).toBe('');
    }
  });

  it('cuts one huge line without spaces into bounded pieces', () => {
    const text = 'x'.repeat(2_000_000);
    const chunks = chunkerOf(100).chunk({ id: 'd', source: 'd', mediaType: 'text/plain', text });
    expect(chunks.map((chunk) => chunk.text).join('')).toBe(text);
    for (const chunk of chunks) expect(chunk.text.length).toBeLessThanOrEqual(1600);
  });

  it.each([0, 1.5, Number.NaN])('refuses a limit of %s tokens', (maxTokens) => {
    expect(() => chunkerOf(maxTokens)).toThrow(
      expect.objectContaining({ code: 'ERR_CORE_INVALID_ARGUMENT' }),
    );
  });
});
