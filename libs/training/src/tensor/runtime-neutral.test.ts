import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What a source file and all that it imports of this package import from outside. */
function importsOf(file: string, seen = new Set<string>(), outside = new Set<string>()): string[] {
  if (seen.has(file)) return [...outside];
  seen.add(file);
  const source = readFileSync(file, 'utf8');
  const statements = source.matchAll(
    /^(?:import|export)(?! type)[^;]*?from '([^']+)';|import\('([^']+)'\)/gmu,
  );
  for (const [, from = '', lazily = ''] of statements) {
    const name = from === '' ? lazily : from;
    if (name.startsWith('.'))
      importsOf(join(dirname(file), name.replace(/\.js$/, '.ts')), seen, outside);
    else outside.add(name);
  }
  return [...outside].sort();
}

describe('entry points that run in browsers', () => {
  it.each([
    ['tensor', ['@espalier/core']],
    [
      'tfjs',
      [
        '@espalier/core',
        '@tensorflow/tfjs-backend-cpu',
        '@tensorflow/tfjs-backend-wasm',
        '@tensorflow/tfjs-backend-webgpu',
        '@tensorflow/tfjs-core',
      ],
    ],
  ])('need nothing of Node: %s', (name, expected) => {
    expect(importsOf(join(import.meta.dirname, '..', name, 'index.ts'))).toEqual(expected);
  });

  it('are told apart from those that do', () => {
    expect(importsOf(join(import.meta.dirname, '../index.ts'))).toContain('node:fs/promises');
  });
});
