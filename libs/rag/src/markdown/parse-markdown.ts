import type { DocumentHeading, Span } from '@espalier/core';
import type MarkdownIt from 'markdown-it';

const ATOM_TOKENS = new Set(['fence', 'code_block', 'table_open', 'html_block']);
const FRONT_MATTER = /^---[ \t]*\r?\n[\s\S]*?\r?\n---[ \t]*(?:\r?\n|$)/u;
const FRONT_TITLE = /^title:[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\r\n]*?))[ \t]*$/mu;
/** The line ends that the parser counts. */
const LINE_END = /\r\n|\n|\r/gu;
/** The line of names and the line of dashes below it. */
const TABLE_HEAD_LINES = 2;

/** A table, and the lines at its top that name its columns. */
export interface MarkdownTable extends Span {
  readonly head: Span;
}

/** The structure of a Markdown text; all places are in the text. */
export interface MarkdownStructure {
  readonly title: string | undefined;
  readonly headings: readonly DocumentHeading[];
  /** Code blocks, tables and HTML blocks, in order. */
  readonly atoms: readonly Span[];
  readonly tables: readonly MarkdownTable[];
}

/** What {@link loadMarkdownParser} gives. */
export type ParseMarkdown = (text: string) => MarkdownStructure;

/** Loads markdown-it and returns a function that finds the structure of a text (CommonMark with tables). */
export async function loadMarkdownParser(): Promise<ParseMarkdown> {
  const { default: MarkdownParser } = await import('markdown-it');
  const whole = new MarkdownParser('commonmark', { html: true }).enable('table');
  // Finds blocks only, and leaves their inline content as it is.
  const blocks = new MarkdownParser('commonmark', { html: true }).enable('table');
  blocks.core.ruler.disable(['inline', 'text_join'], true);

  return (text) => {
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
    const tables: MarkdownTable[] = [];
    const tokens = blocks.parse(body, {});
    for (const [index, token] of tokens.entries()) {
      if (token.map === null) continue;
      if (token.type === 'heading_open' && token.level === 0) {
        const span = spanOf(token.map);
        const heading = plainText(whole, tokens[index + 1]?.content ?? '');
        if (heading !== '' && span.end > span.start)
          headings.push({ level: Number(token.tag.slice(1)), text: heading, span });
      } else if (ATOM_TOKENS.has(token.type)) {
        const span = trimmed(text, spanOf(token.map));
        if (span.end <= span.start || span.start < (atoms.at(-1)?.end ?? 0)) continue;
        atoms.push(span);
        if (token.type === 'table_open') {
          const [first] = token.map;
          tables.push({ ...span, head: spanOf([first, first + TABLE_HEAD_LINES]) });
        }
      }
    }
    const title =
      titleOf(front) ?? headings.find(({ level }) => level === 1)?.text ?? headings[0]?.text;
    return { title, headings, atoms, tables };
  };
}

function plainText(parser: InstanceType<typeof MarkdownIt>, inline: string): string {
  return parser
    .parseInline(inline, {})
    .flatMap((token) => token.children ?? [])
    .map((token) =>
      token.type === 'softbreak' || token.type === 'hardbreak' ? ' ' : token.content,
    )
    .join('')
    .trim();
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
