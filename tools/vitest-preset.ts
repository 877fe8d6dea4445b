import { defaultClientConditions, defaultServerConditions } from 'vite';
import { type ViteUserConfig, defineConfig, mergeConfig } from 'vitest/config';

const SOURCE_CONDITION = '@espalier/source';

/**
 * Returns the vitest configuration of one package: tests beside their sources, workspace packages
 * read from their sources (no build needed), and totals written to `reports/tests.json`.
 */
export function tests(overrides: ViteUserConfig = {}): ViteUserConfig {
  const shared = defineConfig({
    resolve: { conditions: [SOURCE_CONDITION, ...defaultClientConditions] },
    ssr: {
      resolve: {
        conditions: [SOURCE_CONDITION, ...defaultServerConditions],
        externalConditions: [SOURCE_CONDITION, ...defaultServerConditions],
      },
    },
    test: {
      environment: 'node',
      include: ['src/**/*.test.{ts,tsx}'],
      passWithNoTests: true,
      maxWorkers: 2,
      // No test measures time; these only end a run that hangs, on a slow or busy machine too.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      restoreMocks: true,
      unstubGlobals: true,
      unstubEnvs: true,
      reporters: ['default', 'json'],
      outputFile: { json: './reports/tests.json' },
    },
  });
  return mergeConfig(shared, overrides) as ViteUserConfig;
}
