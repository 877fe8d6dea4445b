import { InvalidArgumentError } from '@espalier/core';

/**
 * Returns the URL of an endpoint under a base URL; a query in the base stays.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `baseURL` is no HTTP URL.
 */
export function endpointUrl(baseURL: string, path: string): string {
  const url = URL.parse(baseURL);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new InvalidArgumentError({
      argument: 'baseURL',
      value: baseURL,
      expected: 'an http: or https: URL like "http://127.0.0.1:8000/v1"',
    });
  }
  url.pathname = `${url.pathname.replace(/\/+$/u, '')}/${path}`;
  return url.href;
}
