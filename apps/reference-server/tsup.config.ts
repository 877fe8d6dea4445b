import { cpSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Options } from 'tsup';
import { bundle } from '../../tools/tsup-preset.ts';

const ASSETS = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'LICENSE',
  'NOTICE',
];

/** Copies the API reference's files and the specifications of the sample knowledge base beside the code. */
function copyFiles(): void {
  const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  mkdirSync('dist/assets', { recursive: true });
  for (const name of ASSETS) cpSync(join(source, name), join('dist/assets', name));
  cpSync('sample', 'dist/sample/specs', { recursive: true });
  cpSync('../../docs', 'dist/sample/docs', {
    recursive: true,
    filter: (path) => !path.endsWith('/api'),
  });
}

const options = bundle({ platform: 'node' }) as Options;

export default { ...options, onSuccess: async () => copyFiles() };
