import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { IngestReportObject } from '@espalier/protocol';
import { NotFoundError, RequestInvalidError, type EspalierClient } from '@espalier/sdk-ts';
import { EXIT } from '../../errors/exit-codes.js';
import type { CliContext, ConnectionOptions } from '../cli-context.js';
import { CliError } from '../cli-error.js';
import { connect } from '../connect.js';
import { createProgressBar } from '../output/progress-bar.js';
import { renderTable } from '../output/table.js';

/** Options of `espalier ingest`. */
export interface IngestCommandOptions extends ConnectionOptions {
  readonly kb: string;
  /** Erases documents that are not under the paths. */
  readonly prune?: boolean;
}

const BATCH_BYTES = 16 * 1024 * 1024;
const BATCH_FILES = 500;
const IDS_PER_ERASURE = 1000;

interface LocalFile {
  readonly source: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Sends files and folders to a knowledge base, making it where it does not exist; prints what became of them. */
export async function ingest(
  paths: readonly string[],
  options: IngestCommandOptions,
  context: CliContext,
): Promise<number> {
  const { abortSignal } = context;
  await assertExist(paths, context.directory);
  const { client } = await connect(options, context);
  const bar = createProgressBar(context);
  const total: IngestReportObject = {
    added: 0,
    updated: 0,
    unchanged: 0,
    removed: 0,
    failed: [],
    warnings: [],
    chunks: 0,
    durationMs: 0,
  };
  let seen = 0;
  const sources = new Set<string>();
  for await (const found of batches(paths, context)) {
    const started = seen;
    seen += found.length;
    for (const { source } of found) sources.add(source);
    const files = await changedFiles(client, options.kb, found, abortSignal);
    total.unchanged += found.length - files.length;
    if (files.length === 0) continue;
    bar.update({ label: `sending ${files.length} files`, done: 0, total: files.length });
    const job = await client.documents.uploadInBackground({
      knowledgeBase: options.kb,
      create: true,
      files,
      abortSignal,
    });
    const done = await client.jobs.wait({
      id: job.id,
      abortSignal,
      onProgress: ({ progress }) => {
        const { documentsDone = 0, source = '' } = (progress ?? {}) as {
          documentsDone?: number;
          source?: string;
        };
        bar.update({ label: source, done: started + documentsDone, total: started + files.length });
      },
    });
    add(total, done.result as unknown as IngestReportObject);
  }
  bar.end();
  if (seen === 0) {
    throw new CliError({
      code: 'ERR_CLI_NO_FILES',
      message: `There are no text, Markdown, HTML, CSV or code files under ${paths.join(', ')}.`,
      exitCode: EXIT.usage,
    });
  }
  if (options.prune === true)
    total.removed += await pruneOthers(client, options.kb, sources, abortSignal);
  if (options.json === true)
    context.out(`${JSON.stringify({ knowledgeBase: options.kb, ...total })}\n`);
  else context.out(renderReport(options.kb, total));
  return total.failed.length > 0 ? EXIT.partial : EXIT.ok;
}

/** Leaves out what the knowledge base has already, so that it need not be sent. */
async function changedFiles(
  client: EspalierClient,
  knowledgeBase: string,
  files: LocalFile[],
  abortSignal: AbortSignal,
): Promise<LocalFile[]> {
  const documents = files.map(({ source, data }) => ({
    source,
    sha256: createHash('sha256').update(data).digest('hex'),
  }));
  try {
    const changed = new Set(
      await client.documents.findChanged({ knowledgeBase, documents, abortSignal }),
    );
    return files.filter(({ source }) => changed.has(source));
  } catch (error) {
    // It is made by the upload; and a name that is refused is refused there with its report.
    if (NotFoundError.isInstance(error) || RequestInvalidError.isInstance(error)) return files;
    throw error;
  }
}

async function pruneOthers(
  client: EspalierClient,
  knowledgeBase: string,
  keep: ReadonlySet<string>,
  abortSignal: AbortSignal,
): Promise<number> {
  const gone: string[] = [];
  for await (const { id, source } of client.documents.list({ knowledgeBase, abortSignal }))
    if (!keep.has(source)) gone.push(id);
  let removed = 0;
  for (let start = 0; start < gone.length; start += IDS_PER_ERASURE) {
    const ids = gone.slice(start, start + IDS_PER_ERASURE);
    removed += (await client.documents.erase({ knowledgeBase, ids, abortSignal })).documents;
  }
  return removed;
}

async function assertExist(paths: readonly string[], directory: string): Promise<void> {
  for (const path of paths) {
    await stat(resolve(directory, path)).catch((error: unknown) => {
      throw new CliError({
        code: 'ERR_CLI_PATH_UNREADABLE',
        message: `${path} does not exist or may not be read.`,
        exitCode: EXIT.usage,
        cause: error,
      });
    });
  }
}

async function* batches(paths: readonly string[], context: CliContext): AsyncIterable<LocalFile[]> {
  let batch: LocalFile[] = [];
  let bytes = 0;
  for await (const file of sourceFiles(paths, context)) {
    if (
      batch.length > 0 &&
      (bytes + file.bytes.length > BATCH_BYTES || batch.length >= BATCH_FILES)
    ) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push({ source: file.source, data: new Uint8Array(file.bytes) });
    bytes += file.bytes.length;
  }
  if (batch.length > 0) yield batch;
}

/** Files under the working directory are named from there, others from the folder that was named. */
async function* sourceFiles(paths: readonly string[], context: CliContext) {
  const { readSourceFiles } = await import('@espalier/rag/node-files');
  const { abortSignal } = context;
  for (const path of paths) {
    const absolute = resolve(context.directory, path);
    const isInside = !relative(context.directory, absolute).startsWith('..');
    yield* readSourceFiles({
      paths: [absolute],
      abortSignal,
      ...(isInside && { root: context.directory }),
    });
  }
}

function add(total: IngestReportObject, report: IngestReportObject): void {
  total.added += report.added;
  total.updated += report.updated;
  total.unchanged += report.unchanged;
  total.removed += report.removed;
  total.chunks += report.chunks;
  total.durationMs += report.durationMs;
  total.failed.push(...report.failed);
  total.warnings?.push(...(report.warnings ?? []));
}

function renderReport(name: string, report: IngestReportObject): string {
  const table = renderTable([
    ['knowledge base', 'added', 'updated', 'unchanged', 'refused', 'chunks', 'seconds'],
    [
      name,
      String(report.added),
      String(report.updated),
      String(report.unchanged),
      String(report.failed.length),
      String(report.chunks),
      (report.durationMs / 1000).toFixed(1),
    ],
  ]);
  const refused = report.failed
    .map(({ source, error }) => `  ${source}: ${error.message}\n`)
    .join('');
  const removed = report.removed > 0 ? `${report.removed} documents erased that are gone.\n` : '';
  const noted = (report.warnings ?? [])
    .map(({ source, message }) => `  ${source}: ${message}\n`)
    .join('');
  const notes = noted === '' ? removed : `${removed}\nNoted:\n${noted}`;
  return refused === '' ? `${table}${notes}` : `${table}${notes}\nRefused:\n${refused}`;
}
