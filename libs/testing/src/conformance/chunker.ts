import type { Chunk, Chunker, Document } from '@espalier/core';
import { describe, expect, it } from 'vitest';

/** What the suite needs. */
export interface ChunkerConformanceOptions {
  create(): Chunker | Promise<Chunker>;
  /** Documents beside those of the suite. */
  readonly documents?: readonly Document[];
}

const plain = (id: string, text: string): Document => ({
  id,
  source: `${id}.txt`,
  mediaType: 'text/plain',
  text,
});

const DOCUMENTS: readonly Document[] = [
  plain('one-line', 'A single short line.'),
  plain(
    'paragraphs',
    Array.from(
      { length: 40 },
      (_, n) => `Paragraph ${n}. ${'Some words follow here. '.repeat(12)}`,
    ).join('\n\n'),
  ),
  plain('no-breaks', 'x'.repeat(20_000)),
  plain('windows', 'First line.\r\nSecond line.\r\n\r\nThird line.\r\n'.repeat(50)),
  plain('astral', '😀👩‍👩‍👧 '.repeat(2000)),
  plain('blank-edges', '\n\n  \n  Text in the middle.  \n\n\n'),
  {
    ...plain('headed', '# Top\n\nIntro.\n\n## Inner\n\nBody of the inner part.\n'),
    mediaType: 'text/markdown',
    headings: [
      { level: 1, text: 'Top', span: { start: 0, end: 5 } },
      { level: 2, text: 'Inner', span: { start: 15, end: 23 } },
    ],
  },
];

/** Declares the tests that every `Chunker` must pass. */
export function describeChunkerConformance(name: string, options: ChunkerConformanceOptions): void {
  const documents = [...DOCUMENTS, ...(options.documents ?? [])].map(
    (document) => [document.id, document] as const,
  );

  describe(`${name} keeps the Chunker contract`, () => {
    it('says who it is and what its output depends on', async () => {
      const chunker = await options.create();
      expect(chunker.specificationVersion).toBe('v1');
      expect(chunker.name).not.toBe('');
      expect(chunker.fingerprint).toBe((await options.create()).fingerprint);
      expect(chunker.fingerprint).not.toBe('');
    });

    it.each(['', '  \n\t \r\n '])('cuts nothing out of a blank document', async (text) => {
      expect((await options.create()).chunk(plain('blank', text))).toEqual([]);
    });

    it.each(documents)(
      'gives each chunk of %s exactly the words at its span',
      async (_, document) => {
        for (const chunk of (await options.create()).chunk(document)) {
          expect(chunk.text).toBe(document.text.slice(chunk.span.start, chunk.span.end));
          expect(chunk.text.trim()).not.toBe('');
          expect(chunk.documentId).toBe(document.id);
        }
      },
    );

    it.each(documents)('never cuts a character of %s in two', async (_, document) => {
      for (const chunk of (await options.create()).chunk(document))
        expect(chunk.text.isWellFormed()).toBe(true);
    });

    it.each(documents)(
      'gives the chunks of %s in order, counted from 0, with ids of their own',
      async (_, document) => {
        const chunks = (await options.create()).chunk(document);
        expect(chunks.map(({ position }) => position)).toEqual(chunks.map((_chunk, n) => n));
        expect(new Set(chunks.map(({ id }) => id)).size).toBe(chunks.length);
        for (let n = 1; n < chunks.length; n++) {
          expect(chunks[n]?.span.start).toBeGreaterThan(chunks[n - 1]?.span.start ?? 0);
          expect(chunks[n]?.span.end).toBeGreaterThan(chunks[n - 1]?.span.end ?? 0);
        }
      },
    );

    it.each(documents)('leaves out no word of %s', async (_, document) => {
      const chunks = (await options.create()).chunk(document);
      let until = 0;
      for (const { span } of chunks) {
        if (span.start > until) expect(document.text.slice(until, span.start).trim()).toBe('');
        until = Math.max(until, span.end);
      }
      expect(document.text.slice(until).trim()).toBe('');
    });

    it.each(documents)('says on which lines of %s each chunk stands', async (_, document) => {
      for (const chunk of (await options.create()).chunk(document)) {
        expect(chunk.lines).toEqual(linesOf(document, chunk));
      }
    });

    it('names the headings above a chunk, outermost first', async () => {
      const headed = DOCUMENTS.find(({ id }) => id === 'headed') as Document;
      const last = (await options.create()).chunk(headed).at(-1);
      expect(['Top', 'Inner'].slice(0, last?.headingPath.length)).toEqual(last?.headingPath);
    });

    it.each(documents)('cuts %s the same each time', async (_, document) => {
      expect((await options.create()).chunk(document)).toEqual(
        (await options.create()).chunk(document),
      );
    });
  });
}

function linesOf(document: Document, { span }: Chunk): { start: number; end: number } {
  const lineAt = (offset: number): number => document.text.slice(0, offset).split('\n').length;
  return { start: lineAt(span.start), end: lineAt(span.end - 1) };
}
