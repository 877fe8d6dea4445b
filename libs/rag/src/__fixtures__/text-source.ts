import type { IngestSource } from '../knowledge/knowledge-base.ts';

/** A source whose bytes are a text. */
export function textSource(
  name: string,
  text: string,
  extra: Partial<Omit<IngestSource, 'source' | 'bytes'>> = {},
): IngestSource {
  return { source: name, bytes: new TextEncoder().encode(text), ...extra };
}
