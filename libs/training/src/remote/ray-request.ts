import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { text } from 'node:stream/consumers';

/** One request to Ray's dashboard. */
export interface RayRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: URL;
  readonly body?: string | Uint8Array;
  /** Of a cluster that asks for one. */
  readonly token?: string | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

/** Sends a request and gives the whole answer. */
export type SendRayRequest = (
  request: RayRequest,
) => Promise<{ readonly status: number; readonly body: string }>;

/**
 * Sends through Node's own client.
 *
 * Not `fetch`: that adds the header `sec-fetch-mode`, by which Ray takes a program for a web page and refuses it.
 */
export const sendRayRequest: SendRayRequest = async ({ method, url, body, token, abortSignal }) => {
  const { promise, resolve, reject } = Promise.withResolvers<{
    readonly status: number;
    readonly body: string;
  }>();
  const send = url.protocol === 'https:' ? requestSecure : requestPlain;
  const sent = send(
    url,
    {
      method,
      ...(abortSignal && { signal: abortSignal }),
      headers: {
        'content-type': typeof body === 'string' ? 'application/json' : 'application/octet-stream',
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    },
    (response) => {
      text(response).then((all) => {
        resolve({ status: response.statusCode ?? 0, body: all });
      }, reject);
    },
  );
  sent.on('error', reject);
  sent.end(body);
  return promise;
};
