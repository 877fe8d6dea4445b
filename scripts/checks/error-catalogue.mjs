import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles } from './source-files.mjs';

const CATALOGUE = 'docs/reference/errors.md';

/** Codes of Node itself that our sources compare with. */
const NODE_CODES = new Set([
  'ERR_MODULE_NOT_FOUND',
  'ERR_PACKAGE_PATH_NOT_EXPORTED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_URL',
  'ERR_PARSE_ARGS_UNKNOWN_OPTION',
  'ERR_PARSE_ARGS_INVALID_OPTION_VALUE',
  'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL',
  'ERR_SERVER_NOT_RUNNING',
  'ERR_HTTP_HEADERS_SENT',
  'ERR_SQLITE_ERROR',
  'ERR_DLOPEN_FAILED',
]);

/**
 * Returns what the error catalogue and the sources do not agree on: codes in the code that are not
 * catalogued, and catalogued codes that no code throws.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function checkErrorCatalogue(root) {
  const thrownIn = new Map();
  const isSource = (name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name);
  for (const parent of ['libs', 'apps']) {
    for (const path of sourceFiles(root, parent, isSource)) {
      const text = readFileSync(join(root, path), 'utf8');
      for (const [, code] of text.matchAll(/(?<!startsWith\()['"](ERR_[A-Z0-9_]+)['"]/g)) {
        if (!NODE_CODES.has(code) && !thrownIn.has(code)) thrownIn.set(code, path);
      }
    }
  }
  if (!existsSync(join(root, CATALOGUE))) return [`${CATALOGUE} does not exist.`];
  const text = readFileSync(join(root, CATALOGUE), 'utf8');
  const catalogued = new Set(Array.from(text.matchAll(/\bERR_[A-Z0-9_]+/g), ([code]) => code));
  return [
    ...[...thrownIn]
      .filter(([code]) => !catalogued.has(code))
      .map(([code, path]) => `${code} (${path}) is missing from ${CATALOGUE}.`),
    ...[...catalogued]
      .filter((code) => !thrownIn.has(code))
      .map((code) => `${CATALOGUE} lists ${code}, which no source file holds.`),
  ];
}
