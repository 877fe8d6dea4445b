import { createSeededRandom, type Chunker, type Document } from '@espalier/core';
import { describeChunkerConformance } from '@espalier/testing/conformance';
import { describe, expect, it } from 'vitest';
import { createContextualChunker } from './create-contextual-chunker.js';
import { createHtmlChunker } from './create-html-chunker.js';
import { createMarkdownChunker } from './create-markdown-chunker.js';
import { createParentChildChunker } from './create-parent-child-chunker.js';
import { createRecursiveChunker } from './create-recursive-chunker.js';
import { createSentenceWindowChunker } from './create-sentence-window-chunker.js';

const countTokens = (text: string): number =>
  text.match(/\p{L}+|\p{N}+|[^\p{L}\p{N}\s]/gu)?.length ?? 0;
const limit = { countTokens, tokenizerId: 'words' };
const plain = (text: string, changes: Partial<Document> = {}): Document => ({
  id: 'd',
  source: 'd.txt',
  mediaType: 'text/plain',
  text,
  ...changes,
});
const textsOf = (chunker: Chunker, document: Document): string[] =>
  chunker.chunk(document).map(({ text }) => text);

describeChunkerConformance('The Markdown chunker', {
  create: () => createMarkdownChunker({ ...limit, maxTokens: 40 }),
});
describeChunkerConformance('The HTML chunker, of what is no HTML,', {
  create: () => createHtmlChunker({ ...limit, maxTokens: 40 }),
});
describeChunkerConformance('The sentence-window chunker', {
  create: () => createSentenceWindowChunker({ ...limit, maxTokens: 40 }),
});
describeChunkerConformance('The parent–child chunker', {
  create: () => createParentChildChunker({ ...limit, maxTokens: 30, maxParentTokens: 90 }),
});
describeChunkerConformance('The contextual chunker', {
  create: () =>
    createContextualChunker({
      chunker: createRecursiveChunker({ ...limit, maxTokens: 40 }),
      previousSentence: true,
    }),
});

describe('Chunkers of running text', () => {
  const make: readonly (readonly [string, () => Promise<Chunker>])[] = [
    ['recursive', async () => createRecursiveChunker({ ...limit, maxTokens: 50 })],
    ['Markdown', () => createMarkdownChunker({ ...limit, maxTokens: 50 })],
    ['sentence window', async () => createSentenceWindowChunker({ ...limit, maxTokens: 50 })],
    [
      'parent–child',
      async () => createParentChildChunker({ ...limit, maxTokens: 50, maxParentTokens: 200 }),
    ],
  ];

  it.each(make)(
    '(%s) keep every chunk of any text within the limit and in place',
    async (_, of) => {
      const random = createSeededRandom(3);
      const parts = [
        'word',
        ' ',
        '\n',
        '\n\n',
        '. ',
        '。',
        '漢',
        '😀',
        '\r\n',
        '# ',
        '| a |',
        '```',
      ];
      const chunker = await of();
      for (let round = 0; round < 30; round += 1) {
        const text = Array.from(
          { length: 1 + Math.floor(random.next() * 500) },
          () => parts[Math.floor(random.next() * parts.length)],
        ).join('');
        let until = 0;
        for (const { span, text: words, parent } of chunker.chunk(plain(text))) {
          expect(text.slice(span.start, span.end)).toBe(words);
          expect(countTokens(words)).toBeLessThanOrEqual(50);
          expect(text.slice(until, span.start).trim()).toBe('');
          if (parent !== undefined) {
            expect(parent.start).toBeLessThanOrEqual(span.start);
            expect(parent.end).toBeGreaterThanOrEqual(span.end);
          }
          until = span.end;
        }
        expect(text.slice(until).trim()).toBe('');
      }
    },
  );

  it.each(make)('(%s) cut one line of a million words', async (_, of) => {
    const text = 'word '.repeat(1_000_000).trim();
    const chunks = (await of()).chunk(plain(text));
    expect(chunks.length).toBeGreaterThan(19_000);
    expect(chunks.at(-1)?.span.end).toBe(text.length);
  });
});

describe('createSentenceWindowChunker', () => {
  const chunker = createSentenceWindowChunker({ ...limit, window: 1 });
  const text = 'One is here. Two is here! Is three here? Four is here.\n\nFive is here.';

  it('makes each sentence a chunk and names the window around it', () => {
    const chunks = chunker.chunk(plain(text));
    expect(chunks.map((chunk) => chunk.text)).toEqual([
      'One is here.',
      'Two is here!',
      'Is three here?',
      'Four is here.',
      'Five is here.',
    ]);
    const [first, second] = chunks.map(({ parent }) => text.slice(parent?.start, parent?.end));
    expect(first).toBe('One is here. Two is here!');
    expect(second).toBe('One is here. Two is here! Is three here?');
  });

  it('ends the window with the section', () => {
    const headed = plain('# A\n\nOne.\n\n# B\n\nTwo.', {
      headings: [
        { level: 1, text: 'A', span: { start: 0, end: 3 } },
        { level: 1, text: 'B', span: { start: 11, end: 14 } },
      ],
    });
    const chunks = createSentenceWindowChunker({ ...limit, window: 5 }).chunk(headed);
    const last = chunks.at(-1);
    expect(headed.text.slice(last?.parent?.start, last?.parent?.end)).toBe('# B\n\nTwo.');
    expect(last?.headingPath).toEqual(['B']);
  });

  it.each([-1, 1.5])('refuses a window of %s', (window) => {
    expect(() => createSentenceWindowChunker({ ...limit, window })).toThrow(
      expect.objectContaining({ code: 'ERR_CORE_INVALID_ARGUMENT' }),
    );
  });
});

describe('createParentChildChunker', () => {
  it('gives children of one parent the same parent, and parents within their limit', () => {
    const text = Array.from({ length: 40 }, (_, n) => `Sentence ${n} has some words in it.`).join(
      ' ',
    );
    const chunks = createParentChildChunker({ ...limit, maxTokens: 20, maxParentTokens: 80 }).chunk(
      plain(text),
    );
    const parents = [...new Set(chunks.map(({ parent }) => JSON.stringify(parent)))];
    expect(parents.length).toBeGreaterThan(2);
    expect(parents.length).toBeLessThan(chunks.length / 2);
    for (const { parent } of chunks)
      expect(countTokens(text.slice(parent?.start, parent?.end))).toBeLessThanOrEqual(80);
  });

  it('refuses parents smaller than children', () => {
    expect(() =>
      createParentChildChunker({ ...limit, maxTokens: 100, maxParentTokens: 50 }),
    ).toThrow(expect.objectContaining({ code: 'ERR_CORE_INVALID_ARGUMENT' }));
  });
});

describe('createMarkdownChunker', () => {
  it('finds headings of a document that was read as plain text', async () => {
    const chunker = await createMarkdownChunker({ ...limit, maxTokens: 8 });
    const chunks = chunker.chunk(plain('# Guide\n\nIntro here.\n\n## Use\n\nCall it.'));
    expect(chunks.map(({ headingPath }) => headingPath)).toEqual([['Guide'], ['Guide', 'Use']]);
  });

  it('indexes each part of a large table with the names of its columns', async () => {
    const rows = Array.from({ length: 12 }, (_, n) => `| key${n} | value${n} |`);
    const table = ['| Name | Meaning |', '| --- | --- |', ...rows].join('\n');
    const chunker = await createMarkdownChunker({ ...limit, maxTokens: 24 });
    const chunks = chunker.chunk(plain(`Intro.\n\n${table}\n\nOutro.`));
    const parts = chunks.filter(({ text }) => text.startsWith('| key'));
    expect(parts.length).toBeGreaterThan(1);
    for (const { text, indexText } of parts) {
      expect(text).toMatch(/(?:\||Outro\.)$/u);
      expect(indexText).toContain('| Name | Meaning |');
    }
    expect(chunks[0]?.indexText).toBeUndefined();
  });
});

describe('createHtmlChunker', () => {
  const page = `<!doctype html><html><head><title>T</title><style>.x { color: red }</style></head>
<body><h1>Top &amp; first</h1><p>Some <b>bold</b> words&nbsp;here &mdash; caf&eacute; 😀.</p>
<script>if (a < b) { alert("no") }</script>
<h2>Inner</h2><ul><li>One</li><li>Two &lt;tag&gt;</li></ul><pre>  kept   as
  is</pre><div hidden>unseen</div></body></html>`;
  const html = (text: string): Document => plain(text, { mediaType: 'text/html' });

  it('gives source positions, visible words to the index, and the path of headings', async () => {
    const chunker = await createHtmlChunker({ ...limit, maxTokens: 12 });
    const chunks = chunker.chunk(html(page));
    for (const { text, span } of chunks) expect(page.slice(span.start, span.end)).toBe(text);
    expect(chunks.map(({ headingPath }) => headingPath.join('/'))).toContain('Top & first/Inner');
    const seen = chunks.map((chunk) => chunk.indexText ?? chunk.text).join('\n');
    expect(seen).toContain('café 😀.');
    expect(seen).toContain('Two <tag>');
    expect(seen).toContain('  kept   as\n  is');
    expect(seen).not.toMatch(/alert|color|unseen/u);
    const bold = chunks.find(({ text }) => text.includes('<b>bold</b>'));
    expect(bold?.indexText).toContain('Some bold words');
  });

  it('holds every visible word exactly once, whatever the markup', async () => {
    const random = createSeededRandom(9);
    const parts = [
      '<p>',
      '</p>',
      '<div',
      '>',
      '<td>',
      '&amp;',
      '&x',
      '<!-- c -->',
      '<br/>',
      ' ',
      '\r\n',
      '<',
      '<h2>',
      '</h2>',
      '<pre>',
      '</b>',
    ];
    const chunker = await createHtmlChunker({ ...limit, maxTokens: 6 });
    for (let round = 0; round < 40; round += 1) {
      let words = 0;
      const text = Array.from({ length: 60 }, () => {
        if (random.next() < 0.5) return `</i>word${(words += 1)}x `;
        return parts[Math.floor(random.next() * parts.length)] ?? '';
      }).join('');
      let until = -1;
      for (const { span, text: source } of chunker.chunk(html(text))) {
        expect(text.slice(span.start, span.end)).toBe(source);
        expect(span.start).toBeGreaterThan(until);
        until = span.start;
      }
    }
  });

  it('stays quick on nesting that goes deep', async () => {
    const chunker = await createHtmlChunker({ ...limit, maxTokens: 50 });
    const deep = `${'<div><p>'.repeat(50_000)}deep down`;
    expect(textsOf(chunker, html(deep)).join('')).toContain('deep down');
  });
});

describe('createContextualChunker', () => {
  const document = plain('# Pay\n\nFirst sentence here. Second one.\n\nThird sentence follows.', {
    title: 'Handbook',
    headings: [{ level: 1, text: 'Pay', span: { start: 0, end: 5 } }],
  });
  const chunker = createRecursiveChunker({ ...limit, maxTokens: 9 });

  it('puts title and headings in front of what is indexed, and leaves the text alone', () => {
    const plainChunks = chunker.chunk(document);
    const chunks = createContextualChunker({ chunker }).chunk(document);
    expect(chunks.map(({ text, id }) => [text, id])).toEqual(
      plainChunks.map(({ text, id }) => [text, id]),
    );
    expect(chunks.at(-1)?.indexText).toBe('Handbook > Pay\nThird sentence follows.');
    expect(chunks[0]?.indexText).toMatch(/^Handbook\n# Pay/u);
  });

  it('adds the sentence before where asked to', () => {
    const contextual = createContextualChunker({
      chunker,
      title: false,
      headings: false,
      previousSentence: true,
    });
    expect(contextual.chunk(document).at(-1)?.indexText).toBe(
      'Second one.\nThird sentence follows.',
    );
    expect(contextual.fingerprint).not.toBe(createContextualChunker({ chunker }).fingerprint);
  });
});
