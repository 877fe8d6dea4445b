import { createHash } from 'node:crypto';
import { baseMediaType } from '../../loaders/internal/media-type.js';
import type { IngestSource } from '../knowledge-base.js';
import { normalizePrincipals } from './access.js';

/** A source without its bytes. */
export type DescribedSource = Omit<IngestSource, 'bytes'>;

/** Returns the SHA-256 of bytes, in hexadecimal. */
export function hashBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Returns the SHA-256 over the hash of a source's bytes and what was said beside them. */
export function hashSource(source: DescribedSource, name: string, bytesHash: string): string {
  return createHash('sha256')
    .update(`${described(source, name)}\0${bytesHash}`)
    .digest('hex');
}

/** Returns what stands for a source whose version is known, so that its bytes need not be read. */
export function versionOf(source: DescribedSource, name: string): string | undefined {
  const { version } = source;
  return version === undefined ? undefined : hashSource(source, name, version);
}

function described(source: DescribedSource, name: string): string {
  return JSON.stringify([
    name,
    baseMediaType(source.mediaType) ?? null,
    source.metadata ?? null,
    normalizePrincipals(source.principals) ?? null,
  ]);
}
