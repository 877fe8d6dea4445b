import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Hono } from 'hono';
import type { ServerEnv } from '../http/server-variables.js';

/** Allows what the page itself brings and nothing from anywhere else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Espalier API reference</title>
<link rel="stylesheet" href="/reference/swagger-ui.css">
</head>
<body>
<main id="reference"></main>
<script src="/reference/swagger-ui-bundle.js"></script>
<script src="/reference/start.js"></script>
</body>
</html>
`;

const START_SCRIPT = `window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

/** Serves the browsable reference at `/reference`; it loads nothing from another host. */
export function mountReference(app: Hono<ServerEnv>): void {
  const headers = {
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
  app.get('/reference', (c) => c.html(PAGE, 200, headers));
  app.get('/reference/start.js', (c) =>
    c.body(START_SCRIPT, 200, { ...headers, 'content-type': 'text/javascript; charset=utf-8' }),
  );
  for (const [name, mediaType] of Object.entries(ASSETS)) {
    app.get(`/reference/${name}`, async (c) =>
      c.body(new Uint8Array(await readAsset(name)), 200, {
        ...headers,
        'content-type': mediaType,
        'cache-control': 'public, max-age=3600',
      }),
    );
  }
}

/** In a built package the asset lies beside the code; in a checkout that runs from sources, in its own package. */
async function readAsset(name: string): Promise<Buffer> {
  try {
    return await readFile(fileURLToPath(new URL(`./assets/${name}`, import.meta.url)));
  } catch {
    return readFile(createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`));
  }
}
