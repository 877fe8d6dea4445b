import { documentNameInvalid } from '../errors/body-errors.js';

const URI = /^[a-z][a-z0-9+.-]*:\/\//iu;
const CONTROL = /[\u0000-\u001f\u007f]/u;

/**
 * Returns a document's name with `/` as separator.
 *
 * Names are relative paths that stay inside their folder, or URIs other than `file:`.
 *
 * @throws {RequestError} `ERR_SERVER_DOCUMENT_NAME_INVALID`
 */
export function checkDocumentName(name: string): string {
  const normal = name.toWellFormed().replaceAll('\\', '/');
  const isUri = URI.test(normal);
  const path = isUri ? normal.replace(URI, '') : normal;
  const isBad =
    normal.trim() === '' ||
    CONTROL.test(normal) ||
    path.split('/').some((segment) => /^(?:\.|%2e){2}$/iu.test(segment.trim())) ||
    /^file:/iu.test(normal) ||
    (!isUri && (normal.startsWith('/') || normal.startsWith('~') || /^[a-z]:/iu.test(normal)));
  if (isBad) throw documentNameInvalid(name);
  return isUri ? normal : normal.replace(/^(?:\.\/)+/u, '');
}
