import type { DocumentHeading, DocumentLoader, Span } from '@espalier/core';
import type MarkdownIt from 'markdown-it';
import { decodeText } from './internal/decode-text.js';
import { baseMediaType, endingOf } from './internal/media-type.js';

const ENDINGS = new Set(['md', 'markdown', 'mdx', 'mkd']);
const MEDIA_TYPES = new Set(['text/markdown', 'text/x-markdown']);
const ATOM_TOKENS = new Set(['fence', 'code_block', 'table_open', 'html_block']);
const FRONT_MATTER = /^---[ \t]*\r?\n[\s\S]*?\r?\n---[ \t]*(?:\r?\n|$)/u;
const FRONT_TITLE = /^title:[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\r\n]*?))[ \t]*$/mu;
/** The line ends that the parser counts. */
const LINE_END = /\r\n|\n|\r/gu;

/**
 * Creates the loader of Markdown (CommonMark with tables).
 *
 * The text is the file as it is, marks and front matter included, so that line numbers hold. Headings are found for
 * the path of each chunk; code blocks, tables and HTML blocks are atoms.
 */
export function createMarkdownLoader(): DocumentLoader {
  let loading: Promise<Parsers> | undefined;
  const plainText = (parser: Parser, inline: string): string =>
    parser
      .parseInline(inline, {})
      .flatMap((token) => token.children ?? [])
      .map((token) =>
        token.type === 'softbreak' || token.type === 'hardbreak' ? ' ' : token.content,
      )
      .join('')
      .trim();

  return {
    specificationVersion: 'v1',
    name: 'markdown',
    accepts({ name, mediaType }) {
      const type = baseMediaType(mediaType);
      if (type !== undefined && type !== 'text/plain') return MEDIA_TYPES.has(type);
      return ENDINGS.has(endingOf(name));
    },
    async load({ bytes, name, abortSignal }) {
      abortSignal?.throwIfAborted();
      const text = decodeText({ bytes, source: name });
      const front = FRONT_MATTER.exec(text)?.[0] ?? '';
      const lines = lineSpans(text);
      const spanOf = (map: readonly [number, number]): Span => {
        const start = lines[map[0]]?.start ?? 0;
        return { start, end: Math.max(start, lines[map[1] - 1]?.end ?? text.length) };
      };
      // Blank lines in place of the front matter keep the line numbers of what follows.
      const body = front.replace(/[^\r\n]+/gu, '') + text.slice(front.length);
      const headings: DocumentHeading[] = [];
      const atoms: Span[] = [];
      const { whole, blocks } = await (loading ??= loadParsers());
      const tokens = blocks.parse(body, {});
      for (const [index, token] of tokens.entries()) {
        if (token.map === null) continue;
        if (token.type === 'heading_open' && token.level === 0) {
          const span = spanOf(token.map);
          const heading = plainText(whole, tokens[index + 1]?.content ?? '');
          if (heading !== '' && span.end > span.start) {
            headings.push({ level: Number(token.tag.slice(1)), text: heading, span });
          }
        } else if (ATOM_TOKENS.has(token.type)) {
          const span = trimmed(text, spanOf(token.map));
          if (span.end > span.start && span.start >= (atoms.at(-1)?.end ?? 0)) atoms.push(span);
        }
      }
      const title =
        titleOf(front) ?? headings.find(({ level }) => level === 1)?.text ?? headings[0]?.text;
      return {
        id: name,
        source: name,
        ...(title === undefined ? {} : { title }),
        mediaType: 'text/markdown',
        text,
        headings,
        atoms,
      };
    },
  };
}

type Parser = InstanceType<typeof MarkdownIt>;

interface Parsers {
  readonly whole: Parser;
  /** Finds blocks only, and leaves their inline content as it is. */
  readonly blocks: Parser;
}

/** Loaded with the first document: importing the library costs less without it. */
async function loadParsers(): Promise<Parsers> {
  const { default: MarkdownParser } = await import('markdown-it');
  const whole = new MarkdownParser('commonmark', { html: true }).enable('table');
  const blocks = new MarkdownParser('commonmark', { html: true }).enable('table');
  blocks.core.ruler.disable(['inline', 'text_join'], true);
  return { whole, blocks };
}

/** The span of each line, without its end. */
function lineSpans(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const { index, 0: end } of text.matchAll(LINE_END)) {
    spans.push({ start, end: index });
    start = index + end.length;
  }
  spans.push({ start, end: text.length });
  return spans;
}

function trimmed(text: string, span: Span): Span {
  const raw = text.slice(span.start, span.end);
  return { start: span.start, end: span.start + raw.trimEnd().length };
}

function titleOf(front: string): string | undefined {
  const match = FRONT_TITLE.exec(front);
  const title = (match?.[1] ?? match?.[2] ?? match?.[3])?.trim();
  return title === '' ? undefined : title;
}
