import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Hono } from 'hono';
import type { ServerEnv } from '../http/server-variables.js';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Paths that are never the console's. */
const RESERVED = /^\/(?:api|v1|reference|openapi\.json|healthz|readyz|metrics)(?:\/|$)/u;

/** Where the built console lies: beside this package's code, or in the workspace. */
export async function findConsole(): Promise<string | undefined> {
  for (const place of ['./console', '../console', '../../console/dist', '../../../console/dist']) {
    const folder = fileURLToPath(new URL(place, import.meta.url));
    if (await isFile(join(folder, 'index.html'))) return folder;
  }
  return undefined;
}

/** Built files; every other path may be a page of the console, also one with a dot in it. */
const ASSETS = /^\/assets\//u;

/** Serves the console's files; other paths get its page, which routes by itself. */
export function mountConsole(app: Hono<ServerEnv>, folder: string): void {
  app.get('*', async (c, next) => {
    if (RESERVED.test(c.req.path)) return next();
    const path = safePath(folder, c.req.path);
    const file = path !== undefined && (await isFile(path)) ? path : undefined;
    if (file === undefined && ASSETS.test(c.req.path)) return next();
    const chosen = file ?? join(folder, 'index.html');
    const isHashed = /\/assets\/.+-[\w-]{8,}\.\w+$/u.test(chosen);
    return c.body(new Uint8Array(await readFile(chosen)), 200, {
      ...HEADERS,
      'content-type': MEDIA_TYPES[extname(chosen)] ?? 'application/octet-stream',
      'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  });
}

function safePath(folder: string, requestPath: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(requestPath);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0')) return undefined;
  const path = normalize(join(folder, decoded));
  return path.startsWith(`${folder.replace(/[/\\]$/u, '')}${sep}`) ? path : undefined;
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
