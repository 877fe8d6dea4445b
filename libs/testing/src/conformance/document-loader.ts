import type { Document, DocumentLoader, LoadOptions } from '@espalier/core';
import { describe, expect, it } from 'vitest';

/** A file with what its document must hold. */
export interface DocumentLoaderSample extends Omit<LoadOptions, 'abortSignal'> {
  /** Words that stand in the document's text, in this order. */
  readonly contains: readonly string[];
}

/** What the suite needs. */
export interface DocumentLoaderConformanceOptions {
  create(): DocumentLoader | Promise<DocumentLoader>;
  readonly samples: readonly DocumentLoaderSample[];
  /** A name that the loader must not accept. */
  readonly foreignName: string;
}

/** Declares the tests that every `DocumentLoader` must pass. */
export function describeDocumentLoaderConformance(
  name: string,
  options: DocumentLoaderConformanceOptions,
): void {
  const samples = options.samples.map((sample) => [sample.name, sample] as const);

  describe(`${name} keeps the DocumentLoader contract`, () => {
    it('says who it is and leaves other formats alone', async () => {
      const loader = await options.create();
      expect(loader.specificationVersion).toBe('v1');
      expect(loader.name).not.toBe('');
      expect(loader.accepts({ name: options.foreignName })).toBe(false);
    });

    it.each(samples)('reads the words of %s in order', async (_, sample) => {
      const loader = await options.create();
      expect(loader.accepts(sample)).toBe(true);
      const { text } = await loader.load(sample);
      let from = 0;
      for (const words of sample.contains) {
        const at = text.indexOf(words, from);
        expect(at, `"${words}" after position ${from}`).toBeGreaterThanOrEqual(0);
        from = at + words.length;
      }
    });

    it.each(samples)(
      'gives headings and atoms that lie in the text of %s, in order',
      async (_, sample) => {
        const document: Document = await (await options.create()).load(sample);
        expect(document.id).not.toBe('');
        expect(document.source).not.toBe('');
        expect(document.text.isWellFormed()).toBe(true);
        for (const spans of [
          document.headings?.map(({ span }) => span) ?? [],
          document.atoms ?? [],
        ]) {
          let last = 0;
          for (const span of spans) {
            expect(span.start).toBeGreaterThanOrEqual(last);
            expect(span.end).toBeGreaterThan(span.start);
            expect(span.end).toBeLessThanOrEqual(document.text.length);
            last = span.end;
          }
        }
        for (const heading of document.headings ?? []) {
          expect(heading.level).toBeGreaterThanOrEqual(1);
          expect(document.text.slice(heading.span.start, heading.span.end)).toContain(
            heading.text.split(' ')[0],
          );
        }
      },
    );

    it.each(samples)(
      'reads %s the same each time and leaves its bytes alone',
      async (_, sample) => {
        const loader = await options.create();
        const before = Uint8Array.from(sample.bytes);
        expect(await loader.load(sample)).toEqual(await loader.load(sample));
        expect(Uint8Array.from(sample.bytes)).toEqual(before);
      },
    );

    it('refuses a call whose signal is already aborted, with the reason of the signal', async () => {
      const [sample] = options.samples;
      if (sample === undefined) throw new TypeError('The suite needs at least one sample.');
      const reason = new DOMException('Enough.', 'AbortError');
      const loader = await options.create();
      await expect(loader.load({ ...sample, abortSignal: AbortSignal.abort(reason) })).rejects.toBe(
        reason,
      );
    });
  });
}
