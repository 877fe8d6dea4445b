import type { DataSource } from '@espalier/core';
import { invalidRequest } from '../wire-error.js';

const DATA_URL = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+)?(?:;[^,;]*)*;base64,/iu;

/** An image or file address as a source: `data:` URLs become bytes, `http(s):` URLs stay; others are refused. */
export function sourceOfUrl(
  url: string,
  param: string,
): { source: DataSource; mediaType: string | undefined } {
  const match = DATA_URL.exec(url.slice(0, 300));
  if (match !== null) {
    return {
      source: { kind: 'base64', data: url.slice(match[0].length) },
      mediaType: match[1]?.toLowerCase(),
    };
  }
  if (/^https?:\/\//iu.test(url)) return { source: { kind: 'url', url }, mediaType: undefined };
  throw invalidRequest('The address must be a base64 data: URL or an http(s) URL.', param);
}
