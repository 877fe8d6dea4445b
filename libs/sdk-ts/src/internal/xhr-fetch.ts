import type { UploadProgress } from './upload-progress.js';

/**
 * Returns a `fetch` for one upload that runs over `XMLHttpRequest`, the only API that tells a browser's upload
 * progress on every HTTP version.
 *
 * The body is sent as given, so that the browser writes the form's boundary and reads files from disk as it goes.
 */
export function createXhrFetch(options: {
  body: FormData | undefined;
  onProgress: ((progress: UploadProgress) => void) | undefined;
}): typeof globalThis.fetch {
  return (input, init) =>
    new Promise<Response>((resolve, reject) => {
      const request = input instanceof Request ? input : new Request(input, init);
      const abortSignal = init?.signal ?? request.signal;
      const xhr = new XMLHttpRequest();
      xhr.open(request.method, request.url);
      xhr.responseType = 'blob';
      request.headers.forEach((value, name) => {
        // The browser writes this one itself, with its own boundary.
        if (name !== 'content-type') xhr.setRequestHeader(name, value);
      });
      const onAbort = (): void => xhr.abort();
      const settle = (finish: () => void): void => {
        abortSignal.removeEventListener('abort', onAbort);
        finish();
      };
      xhr.upload.addEventListener('progress', (event) =>
        options.onProgress?.({ loadedBytes: event.loaded, totalBytes: event.total }),
      );
      xhr.addEventListener('load', () => settle(() => resolve(responseOf(xhr))));
      xhr.addEventListener('error', () =>
        settle(() => reject(new TypeError('The upload failed on its way'))),
      );
      xhr.addEventListener('abort', () => settle(() => reject(abortSignal.reason as Error)));
      if (abortSignal.aborted) {
        reject(abortSignal.reason as Error);
        return;
      }
      abortSignal.addEventListener('abort', onAbort, { once: true });
      xhr.send(options.body ?? null);
    });
}

function responseOf(xhr: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of xhr
    .getAllResponseHeaders()
    .trim()
    .split(/[\r\n]+/u)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  const hasNoBody = xhr.status === 204 || xhr.status === 205 || xhr.status === 304;
  return new Response(hasNoBody ? null : (xhr.response as Blob), { status: xhr.status, headers });
}
