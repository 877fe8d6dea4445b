import type { PassagePart } from './part.js';

/**
 * Writes passages as the text block that models without a native document form are shown.
 *
 * Each passage stands between `<passage>` tags with its number, source and lines, so that the model can cite `[n]`.
 * A closing tag inside a passage's own text is defused, so that a document cannot end its block early.
 */
export function renderPassages(parts: readonly PassagePart[]): string {
  return parts.map(renderPassage).join('\n');
}

function renderPassage({ index, passage }: PassagePart): string {
  const heading = passage.headingPath?.join(' > ') ?? passage.title;
  const attributes = [
    `index="${index}"`,
    `source="${escapeAttribute(`${passage.source}:${passage.lines.start}-${passage.lines.end}`)}"`,
    ...(heading === undefined ? [] : [`heading="${escapeAttribute(heading)}"`]),
  ];
  const text = passage.text.replace(/<(\s*\/?\s*)passage/giu, '&lt;$1passage');
  return `<passage ${attributes.join(' ')}>\n${text}\n</passage>`;
}

function escapeAttribute(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replace(/\s+/gu, ' ');
}
