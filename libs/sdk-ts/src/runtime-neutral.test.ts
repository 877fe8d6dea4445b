import { createContext, runInContext } from 'node:vm';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import type { EspalierClientOptions, EspalierClient } from './index.js';

/** What browsers, Node and edge runtimes all have; nothing else exists where the bundle runs here. */
const WEB_GLOBALS = {
  AbortController,
  AbortSignal,
  Blob,
  DOMException,
  FormData,
  Headers,
  ReadableStream,
  Request,
  Response,
  TextDecoder,
  TextEncoder,
  TransformStream,
  URL,
  URLSearchParams,
  clearTimeout,
  crypto,
  performance,
  setTimeout,
};

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    root: new URL('..', import.meta.url).pathname,
    resolve: { conditions: ['@espalier/source', 'module', 'browser', 'import', 'default'] },
    build: {
      write: false,
      minify: false,
      lib: { entry: 'src/index.ts', formats: ['iife'], name: 'sdk', fileName: 'sdk' },
    },
  });
  return (Array.isArray(result) ? result : [result])
    .flatMap((built) => ('output' in built ? built.output : []))
    .map((file) => (file.type === 'chunk' ? file.code : ''))
    .join('\n');
}

describe('the bundle for browsers', () => {
  it('holds no Node module and works where only web APIs exist', async () => {
    const code = await bundle();
    expect(code).not.toMatch(/from\s*["']node:|\brequire\(|__vite-browser-external/u);

    const sandbox = createContext({ ...WEB_GLOBALS });
    const sdk = runInContext(`${code}; sdk`, sandbox) as {
      createEspalierClient: (options: EspalierClientOptions) => EspalierClient;
    };
    const client = sdk.createEspalierClient({
      baseUrl: 'http://127.0.0.1:8787',
      fetch: async () => Response.json({ status: 'ok', version: '1.2.3' }),
    });
    expect(await client.health()).toEqual({ status: 'ok', version: '1.2.3' });
  });
});
