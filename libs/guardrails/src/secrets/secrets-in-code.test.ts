import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSecretScanner } from './find-secrets.js';

const libraries = fileURLToPath(new URL('../../../', import.meta.url));

/** Made-up keys in tests, fixtures and the tests of policies, and patterns of keys. */
const HOLDS_EXAMPLES =
  /\.test\.tsx?$|__fixtures__|\/out-tsc\/|\/models\/|\/token-rules\.ts$|\/policy\/library\//;

describe('the rules for secrets', () => {
  it('find nothing in the sources of the libraries', () => {
    const scanner = createSecretScanner();
    const found: string[] = [];
    let count = 0;
    for (const path of readdirSync(libraries, { recursive: true, encoding: 'utf8' })) {
      if (!/^[^/]+\/src\/.*\.tsx?$/.test(path) || HOLDS_EXAMPLES.test(path)) continue;
      const text = readFileSync(`${libraries}${path}`, 'utf8');
      count += 1;
      for (const { rule, start, end } of scanner.find(text))
        found.push(`${path}: ${rule}: ${text.slice(start, end).slice(0, 60)}`);
    }
    expect(count).toBeGreaterThan(50);
    expect(found).toEqual([]);
  });
});
