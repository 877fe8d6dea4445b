import { describeDocumentLoaderConformance } from '@espalier/testing/conformance';
import { describe, expect, it } from 'vitest';
import { createCodeLoader } from './code-loader.js';
import { createHtmlLoader } from './html-loader.js';
import { createMarkdownLoader } from './markdown-loader.js';
import { createRecordsLoader } from './records-loader.js';
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

describeDocumentLoaderConformance('The HTML loader', {
  create: () => createHtmlLoader(),
  samples: [
    {
      name: 'a.html',
      bytes: bytesOf('<title>T</title><h1>Top</h1><p>Text.</p><pre>code()</pre><h2>Inner</h2>'),
      contains: ['Top', 'Text.', 'code()', 'Inner'],
    },
    {
      name: 'page',
      mediaType: 'text/html; charset=utf-8',
      bytes: bytesOf('<table><tr><td>a<td>b</table>'),
      contains: ['a | b'],
    },
  ],
  foreignName: 'page.md',
});

describeDocumentLoaderConformance('The code loader', {
  create: () => createCodeLoader(),
  samples: [
    { name: 'src/a.py', bytes: bytesOf('def f():\n    return 1\n'), contains: ['def f', 'return'] },
    { name: 'upload', mediaType: 'text/x-go', bytes: bytesOf('package a'), contains: ['package'] },
  ],
  foreignName: 'page.md',
});

describeDocumentLoaderConformance('The records loader', {
  create: () => createRecordsLoader(),
  samples: [
    {
      name: 'a.csv',
      bytes: bytesOf('name,note\nAda,"first, of\nall"\nBob,\n'),
      contains: ['name: Ada', 'note: first, of all', 'name: Bob'],
    },
    { name: 'a.tsv', bytes: bytesOf('a\tb\n1\t2'), contains: ['a: 1', 'b: 2'] },
    {
      name: 'a.json',
      bytes: bytesOf('{"total":2,"rows":[{"a":{"b":1}},{"tags":["x","y"]}]}'),
      contains: ['total: 2', 'rows.a.b: 1', 'rows.tags: x, y'],
    },
    {
      name: 'upload',
      mediaType: 'application/x-ndjson',
      bytes: bytesOf('{"a":1}\n\n{"a":null,"b":true}'),
      contains: ['a: 1', 'b: true'],
    },
  ],
  foreignName: 'page.md',
});

describe('createHtmlLoader', () => {
  const read = (html: string, options = {}) =>
    createHtmlLoader(options).load({ bytes: bytesOf(html), name: 'a.html' });
  const PAGE =
    '<html><head><title> The  page </title></head><body><nav>Menu</nav><main><h2>Part</h2><p>One\n two<br>three</p><ul><li>a<li>b</ul></main><footer>Legal</footer></body></html>';

  it('gives the text that a reader sees, without what surrounds it', async () => {
    const document = await read(PAGE);
    expect(document.text).toBe('Part\n\nOne two\nthree\n\n- a\n- b');
    expect(document.title).toBe('The page');
    expect(document.headings).toEqual([{ level: 2, text: 'Part', span: { start: 0, end: 4 } }]);
    expect((await read(PAGE, { keepBoilerplate: true })).text).toMatch(/^Menu[\s\S]*Legal$/u);
  });

  it('gives the page itself where asked to', async () => {
    expect(await read(PAGE, { text: 'source' })).toMatchObject({
      text: PAGE,
      mediaType: 'text/html',
    });
  });

  it('reads a page that is nothing but navigation', async () => {
    expect((await read('<nav><a href=x>Only this</a></nav>')).text).toBe('Only this');
  });

  it('refuses a page that shows nothing', async () => {
    await expect(read('<script>x()</script>')).rejects.toMatchObject({
      code: 'ERR_RAG_DOCUMENT_EMPTY',
    });
  });

  it('reads the encoding that the page names, and the one that HTML has without a name', async () => {
    const bytes = Uint8Array.from([...bytesOf('<meta charset="iso-8859-2"><p>'), 0xb1]);
    expect((await createHtmlLoader().load({ bytes, name: 'a.html' })).text).toBe('ą');
    const unnamed = Uint8Array.from([...bytesOf('<p>caf'), 0xe9]);
    const document = await createHtmlLoader().load({ bytes: unnamed, name: 'a.html' });
    expect(document.text).toBe('café');
    expect(document.warnings?.[0]?.message).toMatch(/windows-1252/u);
  });
});

describe('createRecordsLoader', () => {
  it.each([
    ['a.json', '{"a":'],
    ['a.jsonl', '{"a":1}\n{a}'],
  ])('refuses %s that is not JSON', async (name, text) => {
    await expect(createRecordsLoader().load({ bytes: bytesOf(text), name })).rejects.toMatchObject({
      code: 'ERR_RAG_DOCUMENT_FORMAT',
    });
  });

  it('makes each record an atom, however deep it nests', async () => {
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
    const document = await createRecordsLoader().load({
      bytes: bytesOf(`[{"x":1,"y":2},${deep}]`),
      name: 'a.json',
    });
    expect(document.atoms).toHaveLength(2);
    expect(document.text).toMatch(/^x: 1\ny: 2\n\n/u);
  });

  it('names columns that have no name', async () => {
    const document = await createRecordsLoader().load({
      bytes: bytesOf('a,\n1,2\n'),
      name: 'a.csv',
    });
    expect(document.text).toBe('a: 1\ncolumn 2: 2');
  });
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

  it('reads UTF-16 without a mark', async () => {
    const bytes = [...'plain words'].flatMap((character) => [character.charCodeAt(0), 0]);
    expect((await loadBytes(bytes)).text).toBe('plain words');
    const big = [...'plain words'].flatMap((character) => [0, character.charCodeAt(0)]);
    expect((await loadBytes(big)).text).toBe('plain words');
  });

  it('reads what is not UTF-8 as the fallback says, with a warning', async () => {
    const loader = createTextLoader({ fallbackEncoding: 'windows-1252' });
    const bytes = Uint8Array.from([0x63, 0x61, 0x66, 0xe9, 0x80]);
    const document = await loader.load({ bytes, name: 'a.txt' });
    expect(document.text).toBe('café€');
    expect(document.warnings).toHaveLength(1);
    const valid = await loader.load({ bytes: bytesOf('café'), name: 'a.txt' });
    expect(valid.warnings).toBeUndefined();
  });
});
