import { createHash } from 'node:crypto';
import type { IngestSource } from '../knowledge-base.js';
import { normalizePrincipals } from './access.js';

/** Returns the SHA-256 over the bytes of a source and what was said beside them. */
export function hashSource(
  source: Omit<IngestSource, 'bytes'>,
  name: string,
  bytes: Uint8Array,
): string {
  return createHash('sha256')
    .update(described(source, name))
    .update('\0')
    .update(bytes)
    .digest('hex');
}

/** Returns what stands for a source whose version is known, so that its bytes need not be read. */
export function versionOf(source: Omit<IngestSource, 'bytes'>, name: string): string | undefined {
  if (source.version === undefined) return undefined;
  return createHash('sha256')
    .update(described(source, name))
    .update('\0')
    .update(source.version)
    .digest('base64');
}

function described(source: Omit<IngestSource, 'bytes'>, name: string): string {
  return JSON.stringify([
    name,
    source.mediaType ?? null,
    source.metadata ?? null,
    normalizePrincipals(source.principals) ?? null,
  ]);
}
