import { readFileSync } from 'node:fs';
import type { Document } from '@espalier/core';
import { describeChunkerConformance } from '@espalier/testing/conformance';
import { describe, expect, it } from 'vitest';
import type { CodeLanguage } from '../code/code-language.js';
import type { Declaration } from '../code/declaration.js';
import { loadTreeSitter } from '../code/load-tree-sitter.js';
import { outlineCode } from '../code/outline-code.js';
import { createCodeChunker } from './create-code-chunker.js';

const countTokens = (text: string): number =>
  text.match(/\p{L}+|\p{N}+|[^\p{L}\p{N}\s]/gu)?.length ?? 0;
const limit = { countTokens, tokenizerId: 'words' };
const samples = JSON.parse(
  readFileSync(new URL('../code/__fixtures__/samples.json', import.meta.url), 'utf8'),
) as Record<string, { language: CodeLanguage; code: string; outline: string; treeSitter?: string }>;
const document = (name: string, text: string): Document => ({
  id: name,
  source: name,
  mediaType: 'text/plain',
  text,
});
const write = (declarations: readonly Declaration[]): string =>
  declarations
    .map(({ name, children }) => (children.length === 0 ? name : `${name}{${write(children)}}`))
    .join(' ');

describeChunkerConformance('The code chunker', {
  create: () => createCodeChunker({ ...limit, maxTokens: 40 }),
  documents: Object.entries(samples).map(([name, { code }]) => document(name, code)),
});

describe.each(Object.entries(samples))(
  'The outline of %s',
  (_, { language, code, outline, treeSitter }) => {
    it('names what it declares, without a grammar', () => {
      expect(write(outlineCode(code, language))).toBe(outline);
    });

    it.skipIf(treeSitter === undefined)('names the same and more with its grammar', async () => {
      const parse = await loadTreeSitter([language]);
      expect(write(parse(code, language))).toBe(treeSitter);
    });

    it('is not upset by code that is cut anywhere', () => {
      for (let end = 0; end < code.length; end += 7) outlineCode(code.slice(end), language);
      for (let end = 0; end < code.length; end += 7) outlineCode(code.slice(0, end), language);
    });
  },
);

describe('createCodeChunker', () => {
  const CODE = `import x from 'y';

/** Says hello. */
export function sayHello(userName) {
  return \`Hello \${userName}\`;
}

class HTTPServer {
  start() {
    return listen(this.port_number);
  }

  stop() {
    return this.socket.close();
  }
}
`;

  it('keeps a function whole, with the comment above it', async () => {
    const chunks = (await createCodeChunker({ ...limit, maxTokens: 30 })).chunk(
      document('a.js', CODE),
    );
    const hello = chunks.find(({ text }) => text.includes('sayHello'));
    expect(hello?.text).toMatch(/^\/\*\* Says hello[\s\S]*\}$/u);
    expect(hello?.headingPath).toEqual(['sayHello']);
    const python =
      '# Far away\n\n# Why\n@cached\ndef f():\n    return 1\n\n\ndef g():\n    return 2\n';
    const cut = (await createCodeChunker({ ...limit, maxTokens: 12 })).chunk(
      document('a.py', python),
    );
    expect(cut.map(({ text }) => text)).toContain('# Why\n@cached\ndef f():\n    return 1');
  });

  it('cuts a class that is too large at its methods and names both', async () => {
    const chunks = (await createCodeChunker({ ...limit, maxTokens: 24 })).chunk(
      document('a.js', CODE),
    );
    expect(chunks.map(({ headingPath }) => headingPath.join('.'))).toContain('HTTPServer');
    for (const { text } of chunks) expect(countTokens(text)).toBeLessThanOrEqual(24);
  });

  it('indexes the words of identifiers and the path', async () => {
    const chunks = (await createCodeChunker(limit)).chunk(document('a.js', CODE));
    expect(chunks[0]?.indexText).toMatch(/say hello user name .*http server .*port number/u);
    const without = await createCodeChunker({ ...limit, indexIdentifiers: false });
    expect(without.chunk(document('a.js', CODE))[0]?.indexText).toBeUndefined();
  });

  it('cuts with a grammar where asked to, and says so in its fingerprint', async () => {
    const chunker = await createCodeChunker({
      ...limit,
      maxTokens: 30,
      treeSitter: ['javascript'],
    });
    expect(chunker.fingerprint).toContain('tree-sitter(javascript)');
    expect(
      chunker.chunk(document('a.js', CODE)).map(({ headingPath }) => headingPath[0]),
    ).toContain('sayHello');
  });

  it('refuses a language without a grammar', async () => {
    await expect(createCodeChunker({ ...limit, treeSitter: ['kotlin'] })).rejects.toMatchObject({
      code: 'ERR_RAG_CODE_PARSER_MISSING',
    });
  });

  it('cuts a minified file of one line', async () => {
    const line = 'function a(b){return b+1};'.repeat(20_000);
    const chunks = (await createCodeChunker(limit)).chunk(document('a.min.js', line));
    expect(chunks.map(({ text }) => text).join('')).toBe(line);
  });

  it('survives braces that nest without end', async () => {
    const chunks = (await createCodeChunker(limit)).chunk(
      document('a.c', `${'void f() {'.repeat(30_000)}`),
    );
    expect(chunks.length).toBeGreaterThan(100);
  });
});
