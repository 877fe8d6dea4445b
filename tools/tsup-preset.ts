import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Options, defineConfig } from 'tsup';

/** What a package may vary; everything else follows from its `package.json`. */
export interface BundleOptions {
  /** `neutral` for packages that must also run in browsers and edge runtimes. Default `node`. */
  platform?: 'node' | 'neutral' | 'browser';
  /** Entry points that are not in `exports` or `bin`, e.g. worker files: `['src/worker.ts']`. */
  extraEntries?: string[];
  /** Files or folders under `src/` copied unchanged to the same place under `dist/`: `['sql']`. */
  assets?: string[];
  /**
   * Dependencies whose used parts are put into the bundle, because loading them file by file costs more than all the
   * rest. They stay declared dependencies: declarations and sources name them. Only for packages of which two copies
   * work together in one process and that depend on none; their licences go to `dist/third-party-licences.md`.
   */
  inline?: string[];
}

interface Manifest {
  dependencies?: Record<string, string>;
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
    if (!/^(?:\.\/)?dist\//u.test(file)) continue;
    sources.push(file.replace(/dist\//, 'src/').replace(/\.js$/, '.ts'));
  }
  return Object.fromEntries(
    sources.map((source) => [source.replace(/^(\.\/)?src\//, '').replace(/\.tsx?$/, ''), source]),
  );
}

/** The folder a dependency of this package is installed in: its own `node_modules`, or one above. */
function installedFolder(name: string): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) throw new Error(`${name} is not installed.`);
  }
}

/** The licences of the inlined packages, as their authors ask for with every copy. */
function licencesOf(names: string[]): string {
  const sections = names.map((name) => {
    const folder = installedFolder(name);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/iu.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence file; it cannot be inlined.`);
    const { version, dependencies = {} } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    ) as Manifest & { version: string };
    if (Object.keys(dependencies).length > 0)
      throw new Error(`${name} has dependencies of its own; it cannot be inlined.`);
    return `## ${name} ${version}\n\n\`\`\`text\n${readFileSync(join(folder, file), 'utf8').trim()}\n\`\`\`\n`;
  });
  return `# Software inside these bundles\n\n${sections.join('\n')}`;
}

/**
 * Returns the tsup configuration of one package: ESM with source maps, one file per public entry
 * and shared chunks, every dependency external unless `inline` names it. Declarations come from `tsc -b`, not from here.
 */
export function bundle(options: BundleOptions = {}): Options | Options[] {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const assets = options.assets ?? [];
  const inline = options.inline ?? [];
  for (const name of inline) {
    if (manifest.dependencies?.[name] === undefined)
      throw new Error(`tsup.config.ts inlines ${name}, which package.json does not declare.`);
  }
  return defineConfig({
    entry: entriesOf(manifest, options.extraEntries ?? []),
    format: 'esm',
    target: 'es2024',
    platform: options.platform ?? 'node',
    outDir: 'dist',
    splitting: true,
    sourcemap: true,
    esbuildOptions(esbuild) {
      // The sources are published beside the bundle.
      esbuild.sourcesContent = false;
    },
    dts: false,
    // `node:sqlite` has no name without its prefix.
    removeNodeProtocol: false,
    skipNodeModulesBundle: true,
    noExternal: inline.map((name) => new RegExp(`^${name.replaceAll('.', '\\.')}(?:/|$)`, 'u')),
    // Declarations and build info in dist/ belong to `tsc -b`.
    clean: ['!**/*.d.ts', '!**/*.d.ts.map', '!**/*.tsbuildinfo'],
    silent: true,
    async onSuccess() {
      for (const asset of assets) {
        cpSync(`src/${asset}`, `dist/${asset}`, { recursive: true });
      }
      if (inline.length === 0) return;
      mkdirSync('dist', { recursive: true });
      writeFileSync('dist/third-party-licences.md', licencesOf(inline));
    },
  }) as Options | Options[];
}
