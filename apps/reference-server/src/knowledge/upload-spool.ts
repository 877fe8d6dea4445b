import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IdGenerator, JsonObject } from '@espalier/core';

/** A document on its way into a knowledge base. */
export interface UploadedDocument {
  readonly source: string;
  readonly bytes: Uint8Array;
  readonly mediaType?: string | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly principals?: readonly string[] | undefined;
}

type ManifestEntry = Omit<UploadedDocument, 'bytes'>;

/** Keeps uploaded documents on disk until their job has ended, so that a killed process loses none. */
export interface UploadSpool {
  /** Stores documents; resolves to the id to read them back with. */
  put(documents: readonly UploadedDocument[]): Promise<string>;
  /** Ties stored documents to the job that will read them. */
  assign(id: string, jobId: string): Promise<void>;
  count(id: string): Promise<number>;
  read(id: string): AsyncIterable<UploadedDocument>;
  /** The names of all documents that are kept. */
  sources(): Promise<ReadonlySet<string>>;
  /** Removes what belongs to jobs that are over, and what never got a job. */
  sweep(isOver: (jobId: string) => Promise<boolean>): Promise<void>;
}

const ORPHAN_MS = 60 * 60 * 1000;

/** Creates the spool in a folder. */
export function createUploadSpool(options: {
  folder: string;
  ids: IdGenerator;
  now: () => number;
}): UploadSpool {
  const { folder, ids, now } = options;
  const pathOf = (id: string, file: string): string => join(folder, id, file);
  const manifestOf = async (id: string): Promise<readonly ManifestEntry[]> =>
    JSON.parse(await readFile(pathOf(id, 'manifest.json'), 'utf8')) as ManifestEntry[];

  const isOrphan = async (path: string): Promise<boolean> =>
    (await stat(path)).mtimeMs < now() - ORPHAN_MS;

  return {
    async put(documents) {
      const id = ids('upload');
      await mkdir(join(folder, id), { recursive: true });
      for (const [index, document] of documents.entries()) {
        await writeFile(pathOf(id, `${index}.bin`), document.bytes);
      }
      const manifest = documents.map(({ bytes: _, ...entry }) => entry);
      await writeFile(pathOf(id, 'manifest.json'), JSON.stringify(manifest));
      return id;
    },
    assign: (id, jobId) => writeFile(pathOf(id, 'job'), jobId),
    count: async (id) => (await manifestOf(id)).length,
    async *read(id) {
      for (const [index, entry] of (await manifestOf(id)).entries()) {
        yield { ...entry, bytes: await readFile(pathOf(id, `${index}.bin`)) };
      }
    },
    async sources() {
      const names = new Set<string>();
      for (const id of await readdir(folder).catch(() => [])) {
        for (const { source } of await manifestOf(id).catch(() => [])) names.add(source);
      }
      return names;
    },
    async sweep(isOver) {
      const ids = await readdir(folder).catch(() => []);
      for (const id of ids) {
        const jobId = await readFile(pathOf(id, 'job'), 'utf8').catch(() => undefined);
        const isDone = jobId === undefined ? await isOrphan(join(folder, id)) : await isOver(jobId);
        if (isDone) await rm(join(folder, id), { recursive: true, force: true });
      }
    },
  };
}
