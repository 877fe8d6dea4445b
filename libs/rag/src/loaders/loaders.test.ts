import { describeDocumentLoaderConformance } from '@espalier/testing/conformance';
import { describe, expect, it } from 'vitest';
import { createMarkdownLoader } from './markdown-loader.js';
import { createTextLoader } from './text-loader.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const load = (text: string) =>
  createMarkdownLoader().load({ bytes: bytesOf(text), name: 'page.md' });

describeDocumentLoaderConformance('The text loader', {
  create: () => createTextLoader(),
  samples: [
    {
      name: 'notes.txt',
      bytes: bytesOf('First line.\nSecond line.\n'),
      contains: ['First line.', 'Second'],
    },
    { name: 'README', bytes: bytesOf('No ending at all'), contains: ['No ending'] },
    {
      name: 'upload',
      mediaType: 'text/plain; charset=utf-8',
      bytes: bytesOf('Typed'),
      contains: ['Typed'],
    },
  ],
  foreignName: 'picture.png',
});

describeDocumentLoaderConformance('The Markdown loader', {
  create: () => createMarkdownLoader(),
  samples: [
    {
      name: 'a.md',
      bytes: bytesOf('# Top\n\nText.\n\n```js\ncode()\n```\n\n## Inner *marked*\n'),
      contains: ['Top', 'code()', 'Inner'],
    },
    {
      name: 'crlf.md',
      bytes: bytesOf('Set\r\n===\r\n\r\n| a |\r\n| - |\r\n| b |\r\n'),
      contains: ['Set', '| b |'],
    },
    {
      name: 'upload',
      mediaType: 'text/markdown',
      bytes: bytesOf('---\ntitle: Front\n---\n\n# After\n'),
      contains: ['After'],
    },
  ],
  foreignName: 'page.html',
});

describe('createMarkdownLoader', () => {
  it('finds headings of both kinds with their places, and none inside of code', async () => {
    const text =
      'Title\n=====\n\ntext\n\n```\n# not one\n```\n\n## With `code` and [link](x) ##\n\n    # neither\n';
    const document = await load(text);
    expect(document.headings?.map(({ level, text: words }) => [level, words])).toEqual([
      [1, 'Title'],
      [2, 'With code and link'],
    ]);
    expect(document.headings?.map(({ span }) => text.slice(span.start, span.end))).toEqual([
      'Title\n=====',
      '## With `code` and [link](x) ##',
    ]);
    expect(document.title).toBe('Title');
  });

  it('takes code blocks and tables as atoms', async () => {
    const text = 'Intro.\n\n~~~\ncode\n\nmore\n~~~\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\nOutro.\n';
    const document = await load(text);
    expect(document.atoms?.map((span) => text.slice(span.start, span.end))).toEqual([
      '~~~\ncode\n\nmore\n~~~',
      '| a | b |\n| - | - |\n| 1 | 2 |',
    ]);
  });

  it('reads the title of the front matter, which is no heading', async () => {
    const text = '---\ntitle: "From the front"\ntags: [x]\n---\n\n# Heading\n';
    const document = await load(text);
    expect(document.title).toBe('From the front');
    expect(document.headings).toHaveLength(1);
    expect(document.headings?.[0]?.span).toEqual({
      start: text.indexOf('# Heading'),
      end: text.length - 1,
    });
  });

  it('stays quick on nesting that goes deep', async () => {
    const document = await load(`${'> '.repeat(20_000)}deep\n\n# After\n`);
    expect(document.headings?.map(({ text }) => text)).toEqual(['After']);
  });
});

describe('Bytes that are no text', () => {
  const textLoader = createTextLoader();
  const loadBytes = (bytes: Uint8Array | number[]) =>
    textLoader.load({ bytes: Uint8Array.from(bytes), name: 'a.txt' });

  it.each([
    ['nothing', [], 'ERR_RAG_DOCUMENT_EMPTY'],
    ['white space', [...bytesOf(' \n\t ')], 'ERR_RAG_DOCUMENT_EMPTY'],
    ['only a byte order mark', [0xef, 0xbb, 0xbf], 'ERR_RAG_DOCUMENT_EMPTY'],
    ['a PDF', [...bytesOf('%PDF-1.7 …')], 'ERR_RAG_MEDIA_TYPE_UNSUPPORTED'],
    ['a PNG', [0x89, 0x50, 0x4e, 0x47, 1, 2], 'ERR_RAG_MEDIA_TYPE_UNSUPPORTED'],
    ['NUL bytes', [...bytesOf('text'), 0, 1], 'ERR_RAG_MEDIA_TYPE_UNSUPPORTED'],
    ['invalid UTF-8', [0x61, 0xc3, 0x28], 'ERR_RAG_DOCUMENT_ENCODING'],
    ['an overlong form', [0xc0, 0xaf], 'ERR_RAG_DOCUMENT_ENCODING'],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80], 'ERR_RAG_DOCUMENT_ENCODING'],
    ['half a pair in UTF-16', [0xff, 0xfe, 0x00, 0xd8], 'ERR_RAG_DOCUMENT_ENCODING'],
  ])('%s is refused with a code of its own', async (_, bytes, code) => {
    await expect(loadBytes(bytes)).rejects.toMatchObject({ code });
  });

  it('reads UTF-8 and UTF-16 with a byte order mark, without the mark', async () => {
    expect((await loadBytes([0xef, 0xbb, 0xbf, 0x68, 0x69])).text).toBe('hi');
    expect((await loadBytes([0xff, 0xfe, 0x68, 0, 0x69, 0])).text).toBe('hi');
    expect((await loadBytes([0xfe, 0xff, 0, 0x68, 0, 0x69])).text).toBe('hi');
  });
});
