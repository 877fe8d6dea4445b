import { cpSync, readFileSync } from 'node:fs';
import { type Options, defineConfig } from 'tsup';

/** What a package may vary; everything else follows from its `package.json`. */
export interface BundleOptions {
  /** `neutral` for packages that must also run in browsers and edge runtimes. Default `node`. */
  platform?: 'node' | 'neutral' | 'browser';
  /** Entry points that are not in `exports` or `bin`, e.g. worker files: `['src/worker.ts']`. */
  extraEntries?: string[];
  /** Files or folders under `src/` copied unchanged to the same place under `dist/`: `['sql']`. */
  assets?: string[];
}

interface Manifest {
  exports?: Record<string, string | Record<string, string>>;
  bin?: Record<string, string>;
}

/** Maps `{ 'adapters/x': 'src/adapters/x.ts' }` for every module the manifest makes public. */
function entriesOf(manifest: Manifest, extraEntries: string[]): Record<string, string> {
  const sources = [...extraEntries];
  for (const target of Object.values(manifest.exports ?? {})) {
    if (typeof target === 'string') continue;
    const source = target['@espalier/source'];
    if (source === undefined) {
      throw new Error('package.json: every export with conditions needs "@espalier/source".');
    }
    sources.push(source);
  }
  for (const file of Object.values(manifest.bin ?? {})) {
    sources.push(file.replace(/dist\//, 'src/').replace(/\.js$/, '.ts'));
  }
  return Object.fromEntries(
    sources.map((source) => [source.replace(/^(\.\/)?src\//, '').replace(/\.tsx?$/, ''), source]),
  );
}

/**
 * Returns the tsup configuration of one package: ESM with source maps, one file per public entry
 * and shared chunks, every dependency external. Declarations come from `tsc -b`, not from here.
 */
export function bundle(options: BundleOptions = {}): Options | Options[] {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const assets = options.assets ?? [];
  return defineConfig({
    entry: entriesOf(manifest, options.extraEntries ?? []),
    format: 'esm',
    target: 'es2024',
    platform: options.platform ?? 'node',
    outDir: 'dist',
    splitting: true,
    sourcemap: true,
    dts: false,
    // `node:sqlite` has no name without its prefix.
    removeNodeProtocol: false,
    skipNodeModulesBundle: true,
    // Declarations and build info in dist/ belong to `tsc -b`.
    clean: ['!**/*.d.ts', '!**/*.d.ts.map', '!**/*.tsbuildinfo'],
    silent: true,
    async onSuccess() {
      for (const asset of assets) {
        cpSync(`src/${asset}`, `dist/${asset}`, { recursive: true });
      }
    },
  }) as Options | Options[];
}
