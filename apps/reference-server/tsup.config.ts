import {
  cpSync,
  globSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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

/** Stay packages: native, optional, with files or workers of their own, or data. Everything else is bundled. */
const PACKAGES = [
  '@anthropic-ai/sdk',
  '@espalier/model-guardrail-encoder',
  '@espalier/model-guardrail-fast',
  '@espalier/model-minilm-l6',
  '@espalier/model-pii-tagger',
  '@espalier/model-static-256',
  '@lancedb/lancedb',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/sdk-trace',
  '@pinecone-database/pinecone',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
  '@tensorflow/tfjs-core',
  'apache-arrow',
  'onnxruntime-node',
  'openai',
  'pg',
  'pg-boss',
  'pino',
  'weaviate-client',
];

/** The Python runner for clusters, which travels with a job. */
const RUNNER = 'dist/assets/runner.json';
const METAFILE = 'dist/metafile-esm.json';

/** Copies the API reference's files, the Python runner and the specifications of the sample knowledge base beside the code. */
function copyFiles(): void {
  const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  mkdirSync('dist/assets', { recursive: true });
  for (const name of ASSETS) cpSync(join(source, name), join('dist/assets', name));
  const runner = '../../libs/training/runner/espalier_runner';
  const files = readdirSync(runner).filter((name) => name.endsWith('.py'));
  const texts = files.sort().map((name) => [name, readFileSync(join(runner, name), 'utf8')]);
  writeFileSync(RUNNER, JSON.stringify(Object.fromEntries(texts)));
  cpSync('sample', 'dist/sample/specs', { recursive: true });
  cpSync('../../docs', 'dist/sample/docs', {
    recursive: true,
    filter: (path) => !path.endsWith('/api'),
  });
  for (const pattern of ['README.md', 'libs/*/README.md', 'libs/models/*/README.md']) {
    for (const path of globSync(pattern, { cwd: '../..' }))
      cpSync(join('../..', path), join('dist/sample', path));
  }
}

/** Writes the licences of the bundled packages, as their authors ask for with every copy. */
function writeLicences(): void {
  const { inputs } = JSON.parse(readFileSync(METAFILE, 'utf8')) as { inputs: object };
  rmSync(METAFILE);
  const folders = new Set(
    Object.keys(inputs).flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(path) ?? []),
  );
  const sections = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    ) as { name: string; version: string; license: string };
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/iu.test(entry));
    const text = file === undefined ? license : readFileSync(join(folder, file), 'utf8').trim();
    return `## ${name} ${version}\n\n\`\`\`text\n${text}\n\`\`\`\n`;
  });
  writeFileSync(
    'dist/third-party-licences.md',
    `# Software inside this bundle\n\n${sections.join('\n')}`,
  );
}

const options = bundle({
  platform: 'node',
  extraEntries: ['src/cli.ts', 'src/training/training-worker.ts'],
}) as Options;
const escaped = PACKAGES.map((name) => name.replaceAll('/', '\\/').replaceAll('.', '\\.'));

export default {
  ...options,
  // One bundle of everything: a start loads a few files instead of a thousand.
  skipNodeModulesBundle: false,
  noExternal: [new RegExp(`^(?!(?:${escaped.join('|')}|node:.*)(?:/|$))`, 'u')],
  external: PACKAGES,
  metafile: true,
  // Packages inside that are CommonJS ask for Node's own modules by `require`.
  banner: {
    js: "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);",
  },
  esbuildOptions(esbuild, context) {
    options.esbuildOptions?.(esbuild, context);
    esbuild.conditions = ['@espalier/source', ...(esbuild.conditions ?? [])];
  },
  onSuccess: async () => {
    copyFiles();
    writeLicences();
  },
} satisfies Options;
