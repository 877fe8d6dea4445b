import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { UploadedDocument } from '../knowledge/upload-spool.js';

const TEXT_FILE = /\.(?:md|ya?ml|txt)$/u;
const SKIPPED = new Set(['node_modules', 'dist', 'api']);

/** The documents of the sample knowledge base: this project's own and the specifications it implements. */
export interface SampleDocuments {
  /** Changes when a document does; `undefined` where there are no documents. */
  fingerprint(): Promise<string | undefined>;
  count(): Promise<number>;
  read(): AsyncIterable<UploadedDocument>;
}

/** Finds the documents in the checkout that the code stands in, or in the copy that was bundled with it. */
export function createSampleDocuments(): SampleDocuments {
  const collect = async (): Promise<readonly { source: string; path: string }[]> => {
    const workspace = await findWorkspace();
    if (workspace !== undefined) return workspaceFiles(workspace);
    return filesUnder(fileURLToPath(new URL('./sample', import.meta.url)), '');
  };
  return {
    async fingerprint() {
      const files = await collect();
      if (files.length === 0) return undefined;
      const hash = createHash('sha256');
      for (const { source, path } of files) hash.update(`${source}\0`).update(await readFile(path));
      return hash.digest('hex').slice(0, 32);
    },
    count: async () => (await collect()).length,
    async *read() {
      for (const { source, path } of await collect()) {
        yield {
          source,
          bytes: await readFile(path),
          mediaType: source.endsWith('.md') ? 'text/markdown' : 'text/plain',
        };
      }
    },
  };
}

/** The files of a checkout that make up the sample, by their paths in it. */
export async function workspaceFiles(
  root: string,
): Promise<readonly { source: string; path: string }[]> {
  const files = [
    ...(await filesUnder(join(root, 'docs'), 'docs')),
    ...(await named(root, ['README.md'])),
    ...(await packageReadmes(root, 'libs')),
    ...(await packageReadmes(root, 'libs/models')),
    ...(await packageReadmes(root, 'apps')),
    ...(await filesUnder(join(root, 'apps', 'reference-server', 'sample'), 'specs')),
  ];
  return files.sort((a, b) => (a.source < b.source ? -1 : 1));
}

async function packageReadmes(root: string, group: string) {
  const names = await readdir(join(root, group)).catch(() => []);
  const found = await Promise.all(
    names.map((name) => named(root, [posix.join(group, name, 'README.md')])),
  );
  return found.flat();
}

async function named(root: string, sources: readonly string[]) {
  const files = sources.map((source) => ({ source, path: join(root, source) }));
  const present = await Promise.all(
    files.map(({ path }) =>
      stat(path).then(
        (entry) => entry.isFile(),
        () => false,
      ),
    ),
  );
  return files.filter((_, index) => present[index]);
}

async function filesUnder(
  folder: string,
  prefix: string,
): Promise<{ source: string; path: string }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      const source = posix.join(prefix, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesUnder(path, source);
      return TEXT_FILE.test(entry.name) ? [{ source, path }] : [];
    }),
  );
  return found.flat().sort((a, b) => (a.source < b.source ? -1 : 1));
}

async function findWorkspace(): Promise<string | undefined> {
  for (const place of ['../../../', '../../../../']) {
    const root = fileURLToPath(new URL(place, import.meta.url));
    const manifest = await readFile(join(root, 'package.json'), 'utf8').catch(() => '');
    if (manifest.includes('"espalier-workspace"')) return root;
  }
  return undefined;
}
