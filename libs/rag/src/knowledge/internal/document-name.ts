import { DocumentNameError } from '../../errors.js';

const MAX_LENGTH = 1024;
const URI = /^[a-z][a-z0-9+.-]+:/iu;
const WINDOWS_DRIVE = /^[a-z]:/iu;

/**
 * Returns the name of a document as it is stored: well-formed, with forward slashes and without `./`.
 *
 * A name is a relative path that stays below its root, or a URI.
 *
 * @throws {DocumentNameError} `ERR_RAG_DOCUMENT_NAME`
 */
export function documentName(source: unknown): string {
  const refuse = (problem: string): never => {
    throw new DocumentNameError({ source, problem });
  };
  if (typeof source !== 'string') return refuse('it is not a text');
  if (source.trim() === '') return refuse('it is empty');
  if (source.length > MAX_LENGTH) return refuse(`it is longer than ${MAX_LENGTH} characters`);
  if (/[\u0000-\u001f\u007f]/u.test(source)) return refuse('it holds a control character');
  if (!source.isWellFormed()) return refuse('it holds half of a character');
  const isUri = URI.test(source) && !WINDOWS_DRIVE.test(source);
  const segments = decoded(source).split(/[\\/]/u);
  if (segments.includes('..')) return refuse('".." leads out of its folder');
  if (isUri) return source;
  if (WINDOWS_DRIVE.test(source) || segments[0] === '') return refuse('it is an absolute path');
  const path = source
    .replaceAll('\\', '/')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/');
  return path === '' ? refuse('it names a folder') : path;
}

/** Sees through percent-encoding, so that `%2e%2e` is no way around. */
function decoded(source: string): string {
  return source.replace(/%2e/giu, '.').replace(/%2f/giu, '/').replace(/%5c/giu, '\\');
}
