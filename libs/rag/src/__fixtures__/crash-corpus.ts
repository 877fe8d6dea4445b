import type { IngestSource } from '../knowledge/knowledge-base.ts';

const paragraphs = (topic: string, count: number): string =>
  Array.from({ length: count }, (_, n) => `Paragraph ${n} of ${topic}. ${`${topic} word${n} `.repeat(60)}`).join('\n\n');

const source = (name: string, text: string): IngestSource => ({ source: name, bytes: new TextEncoder().encode(text) });

/** The documents as they are first. */
export const FIRST: readonly IngestSource[] = [
  source('kept.md', `# Kept\n\n${paragraphs('kept', 8)}`),
  source('changed.md', `# Changed\n\n${paragraphs('before', 8)}`),
  source('gone.md', `# Gone\n\n${paragraphs('gone', 8)}`),
];

/** The documents as they are later: one changed, one gone, one new. */
export const LATER: readonly IngestSource[] = [
  source('kept.md', `# Kept\n\n${paragraphs('kept', 8)}`),
  source('changed.md', `# Changed\n\n${paragraphs('before', 4)}\n\n${paragraphs('after', 6)}`),
  source('new.md', `# New\n\n${paragraphs('new', 8)}`),
];
