import type { Citation } from './run-view.js';

/** An answer made ready to be shown. */
export interface MarkedAnswer {
  /** Markdown in which `[1]` stands wherever a citation does. */
  readonly markdown: string;
  /** The citation behind each `[n]` of the text, in order; `undefined` where nothing is cited. */
  readonly targets: readonly (Citation | undefined)[];
}

const MARKER = /\[(\d{1,3})\]/gu;

/**
 * Finds the citation behind each marker of an answer.
 *
 * A model that writes markers keeps them; for one that only reports citations, they are put where the supported
 * part of the answer ends. Where one number is cited several times, its markers take its citations in order.
 */
export function markAnswer(text: string, citations: readonly Citation[]): MarkedAnswer {
  const hasMarkers = citations.some((citation) => text.includes(`[${citation.index}]`));
  const markdown = hasMarkers ? text : insertMarkers(text, citations);
  const seen = new Map<number, number>();
  const targets = [...markdown.matchAll(MARKER)].map((match) => {
    const index = Number(match[1]);
    const same = citations.filter((citation) => citation.index === index);
    const occurrence = seen.get(index) ?? 0;
    seen.set(index, occurrence + 1);
    return same[Math.min(occurrence, same.length - 1)];
  });
  return { markdown, targets };
}

function insertMarkers(text: string, citations: readonly Citation[]): string {
  const places = citations
    .flatMap((citation) => {
      const end = citation.answerSpan?.end;
      return end !== undefined && end > 0 && end <= text.length ? [{ end, index: citation.index }] : [];
    })
    .sort((first, second) => second.end - first.end);
  let marked = text;
  for (const { end, index } of places) {
    marked = `${marked.slice(0, end)} [${index}]${marked.slice(end)}`;
  }
  return marked;
}

interface MarkdownNode {
  type: string;
  value?: string;
  url?: string;
  children?: MarkdownNode[];
}

/** The address of the n-th marker, by which the renderer knows it. */
export function markerUrl(position: number): string {
  return `#citation-${position}`;
}

/** The position behind such an address; `undefined` for any other. */
export function markerPosition(url: string | undefined): number | undefined {
  const match = /^#citation-(\d+)$/u.exec(url ?? '');
  return match === null ? undefined : Number(match[1]);
}

/** A remark plug-in that turns each `[n]` of running text into a link to its marker; code stays as it is. */
export function remarkCitationMarkers() {
  return (tree: MarkdownNode): void => {
    let position = 0;
    const visit = (node: MarkdownNode): void => {
      if (node.type === 'code' || node.type === 'inlineCode') {
        position += [...(node.value ?? '').matchAll(MARKER)].length;
        return;
      }
      node.children = node.children?.flatMap((child) => {
        if (child.type !== 'text') {
          visit(child);
          return [child];
        }
        return splitText(child.value ?? '', () => position++);
      });
    };
    visit(tree);
  };
}

function splitText(value: string, nextPosition: () => number): MarkdownNode[] {
  const nodes: MarkdownNode[] = [];
  let from = 0;
  for (const match of value.matchAll(MARKER)) {
    if (match.index > from) nodes.push({ type: 'text', value: value.slice(from, match.index) });
    nodes.push({
      type: 'link',
      url: markerUrl(nextPosition()),
      children: [{ type: 'text', value: match[1] ?? '' }],
    });
    from = match.index + match[0].length;
  }
  if (from < value.length) nodes.push({ type: 'text', value: value.slice(from) });
  return nodes;
}
