// Bundles server.ts with the workspace's sources; npm packages stay outside.
import { join } from 'node:path';
import { build } from 'esbuild';

export async function buildServer() {
  const outfile = join(import.meta.dirname, '.build/server.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'server.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    conditions: ['@espalier/source'],
    logLevel: 'error',
    sourcemap: 'inline',
    plugins: [
      {
        name: 'npm-packages-stay-outside',
        setup({ onResolve }) {
          onResolve({ filter: /^[^./]/ }, ({ path }) =>
            path.startsWith('@espalier/') ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
  return outfile;
}
