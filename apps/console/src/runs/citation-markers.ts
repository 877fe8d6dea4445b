import type { Citation } from './run-view.js';

/** An answer made ready to be shown. */
export interface MarkedAnswer {
  /** Markdown in which `[1]` stands wherever a citation does. */
  readonly markdown: string;
  /** The citations, with where in `markdown` the part ends that each supports. */
  readonly places: readonly { readonly citation: Citation; readonly end: number | undefined }[];
}

/** A marker of an answer: the number it shows and where it stands in the Markdown. */
export interface Marker {
  readonly index: number;
  readonly offset: number;
}

const MARKER = /\[(\d{1,3})\]/gu;

/**
 * Returns an answer with a marker for each citation.
 *
 * A model that writes markers keeps them; for one that only reports citations, they are put where the supported
 * part of the answer ends.
 */
export function markAnswer(text: string, citations: readonly Citation[]): MarkedAnswer {
  const hasMarkers = citations.some((citation) => text.includes(`[${citation.index}]`));
  const places = citations.map((citation) => ({ citation, end: endWithin(citation, text) }));
  if (hasMarkers) return { markdown: text, places };

  const ordered = places
    .filter((place): place is { citation: Citation; end: number } => place.end !== undefined)
    .sort((first, second) => first.end - second.end);
  let markdown = '';
  let from = 0;
  const shifted = ordered.map(({ citation, end }) => {
    markdown += text.slice(from, end);
    from = end;
    const shiftedEnd = markdown.length;
    markdown += ` [${citation.index}]`;
    return { citation, end: shiftedEnd };
  });
  return { markdown: markdown + text.slice(from), places: shifted };
}

/** Returns the citation that a marker means: of those with its number, the one whose statement ends nearest to it. */
export function citationAt(answer: MarkedAnswer, marker: Marker): Citation | undefined {
  let nearest: Citation | undefined;
  let smallest = Infinity;
  for (const { citation, end } of answer.places) {
    if (citation.index !== marker.index) continue;
    const distance = end === undefined ? Number.MAX_SAFE_INTEGER : Math.abs(marker.offset - end);
    if (distance < smallest) {
      nearest = citation;
      smallest = distance;
    }
  }
  return nearest;
}

/** The address by which the renderer knows a marker. */
export function markerUrl(marker: Marker): string {
  return `#citation-${marker.index}-${marker.offset}`;
}

/** The marker behind such an address; `undefined` for any other. */
export function markerOf(url: string | undefined): Marker | undefined {
  const match = /^#citation-(\d+)-(\d+)$/u.exec(url ?? '');
  return match === null ? undefined : { index: Number(match[1]), offset: Number(match[2]) };
}

interface MarkdownNode {
  type: string;
  value?: string;
  url?: string;
  children?: MarkdownNode[];
  position?: { start: { offset?: number | undefined } } | undefined;
}

/** A remark plug-in that turns each `[n]` of running text into a link to its marker; code and links stay as they are. */
export function remarkCitationMarkers() {
  return (tree: MarkdownNode): void => {
    visit(tree);
  };
}

function visit(node: MarkdownNode): void {
  if (node.children === undefined || node.type === 'link') return;
  node.children = node.children.flatMap((child) => {
    if (child.type === 'text') return splitText(child);
    visit(child);
    return [child];
  });
}

function splitText(node: MarkdownNode): MarkdownNode[] {
  const value = node.value ?? '';
  const start = node.position?.start.offset ?? 0;
  const nodes: MarkdownNode[] = [];
  let from = 0;
  for (const match of value.matchAll(MARKER)) {
    // The space before a marker goes: the chip brings its own.
    const before = value.slice(from, match.index).replace(/ $/u, '');
    if (before !== '') nodes.push({ type: 'text', value: before });
    nodes.push({
      type: 'link',
      url: markerUrl({ index: Number(match[1]), offset: start + match.index }),
      children: [{ type: 'text', value: match[1] ?? '' }],
    });
    from = match.index + match[0].length;
  }
  if (from < value.length) nodes.push({ type: 'text', value: value.slice(from) });
  return nodes;
}

function endWithin(citation: Citation, text: string): number | undefined {
  const end = citation.answerSpan?.end;
  return end !== undefined && end > 0 && end <= text.length ? end : undefined;
}
