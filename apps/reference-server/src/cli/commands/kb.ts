import type { JobObject, KnowledgeBaseObject } from '@espalier/protocol';
import { EXIT } from '../../errors/exit-codes.js';
import type { CliContext, ConnectionOptions } from '../cli-context.js';
import { CliError } from '../cli-error.js';
import { connect, type Connection } from '../connect.js';
import { createProgressBar } from '../output/progress-bar.js';
import { renderTable } from '../output/table.js';

/** Options of `espalier kb check`. */
export interface CheckOptions extends ConnectionOptions {
  readonly repair?: boolean;
}

/** Options of `espalier kb erase`. */
export interface EraseOptions extends ConnectionOptions {
  readonly prefix?: string;
}

/** Options of `espalier kb migrate`. */
export interface MigrateOptions extends ConnectionOptions {
  readonly from: string;
}

/** Options of `espalier kb snapshot` and `restore`. */
export interface SnapshotOptions extends ConnectionOptions {
  readonly file: string;
}

/** Lists the knowledge bases. */
export async function listKnowledgeBases(
  options: ConnectionOptions,
  context: CliContext,
): Promise<number> {
  const { client } = await connect(options, context);
  const all: KnowledgeBaseObject[] = [];
  for await (const one of client.knowledgeBases.list({ abortSignal: context.abortSignal }))
    all.push(one);
  if (options.json === true) context.out(`${JSON.stringify({ data: all })}\n`);
  else
    context.out(
      renderTable([
        ['name', 'documents', 'chunks', 'embedding', 'state'],
        ...all.map(({ name, documents, chunks, embeddingModelId, needsReindex }) => [
          name,
          String(documents),
          String(chunks),
          embeddingModelId,
          needsReindex === true ? `run: espalier kb reindex ${name}` : 'ready',
        ]),
      ]),
    );
  return EXIT.ok;
}

/** Compares an index with its documents, and puts right what is wrong where asked to. */
export async function checkKnowledgeBase(
  name: string,
  options: CheckOptions,
  context: CliContext,
): Promise<number> {
  const connection = await connect(options, context);
  const { client } = connection;
  if (options.repair === true) {
    const begun = await client.knowledgeBases.repair({ name, abortSignal: context.abortSignal });
    await followJob(connection, begun, 'repairing', context);
  }
  const report = await client.knowledgeBases.health({ name, abortSignal: context.abortSignal });
  if (options.json === true) context.out(`${JSON.stringify(report)}\n`);
  else {
    const { documents, chunks, vectors, findings } = report;
    context.out(
      `${report.isHealthy ? 'Healthy' : 'Not healthy'}: ${documents} documents, ${chunks} chunks, ${vectors} vectors of ${report.embedding}.\n`,
    );
    for (const { kind, severity, count, examples, advice } of findings)
      context.out(
        `\n${severity === 'problem' ? 'Problem' : 'Note'}: ${kind} (${count})\n  ${examples.join(', ')}\n  ${advice}\n`,
      );
    if (!report.isHealthy && options.repair !== true)
      context.out(`\nRepair it with: espalier kb check ${name} --repair\n`);
  }
  return report.isHealthy ? EXIT.ok : EXIT.failure;
}

/** Builds an index anew with the model that the server has configured. */
export async function reindexKnowledgeBase(
  name: string,
  options: ConnectionOptions,
  context: CliContext,
): Promise<number> {
  const connection = await connect(options, context);
  const { abortSignal } = context;
  const begun = await connection.client.knowledgeBases.reindex({ name, abortSignal });
  const { result } = await followJob(connection, begun, 're-indexing', context);
  if (options.json === true) context.out(`${JSON.stringify(result)}\n`);
  else {
    const { documents, chunks, resumed, to, durationMs } = result as unknown as {
      documents: number;
      chunks: number;
      resumed: number;
      to: { embedding: string };
      durationMs: number;
    };
    const before = resumed > 0 ? `, ${resumed} of them by an earlier call` : '';
    context.out(
      `"${name}" is indexed by ${to.embedding}: ${documents} documents${before}, ${chunks} chunks (${(durationMs / 1000).toFixed(1)} s).\n`,
    );
  }
  return EXIT.ok;
}

/** Takes vectors over from the store that was configured before. */
export async function migrateKnowledgeBase(
  name: string,
  options: MigrateOptions,
  context: CliContext,
): Promise<number> {
  const connection = await connect(options, context);
  const { from } = options;
  const { abortSignal } = context;
  const begun = await connection.client.knowledgeBases.migrate({ name, from, abortSignal });
  const { result } = await followJob(connection, begun, 'migrating', context);
  if (options.json === true) context.out(`${JSON.stringify(result)}\n`);
  else {
    const { copied, embedded } = result as { copied: number; embedded: number };
    context.out(`"${name}": ${copied} vectors copied from ${from}, ${embedded} embedded anew.\n`);
  }
  return EXIT.ok;
}

/** Erases documents by id or by the beginning of their source, and tells what was erased where. */
export async function eraseDocuments(
  name: string,
  ids: readonly string[],
  options: EraseOptions,
  context: CliContext,
): Promise<number> {
  if ((ids.length === 0) === (options.prefix === undefined)) {
    throw new CliError({
      code: 'ERR_CLI_ERASE_SELECTION',
      message: 'Name the documents to erase, or all under a --prefix; one of the two.',
      exitCode: EXIT.usage,
    });
  }
  const { client } = await connect(options, context);
  const report = await client.documents.erase({
    knowledgeBase: name,
    abortSignal: context.abortSignal,
    ...(options.prefix === undefined ? { ids: [...ids] } : { prefix: options.prefix }),
  });
  if (options.json === true) context.out(`${JSON.stringify(report)}\n`);
  else {
    context.out(`${report.documents} documents erased, ${report.chunks} chunks.\n\n`);
    context.out(
      renderTable([
        ['place', 'removed', 'on disk'],
        ...report.places.map(({ place, removed, isPurged, problem }) => [
          place,
          String(removed),
          isPurged ? 'nothing left' : (problem ?? 'not yet purged'),
        ]),
      ]),
    );
  }
  return report.isComplete ? EXIT.ok : EXIT.partial;
}

/** Has the server write a knowledge base to a file, or make one from it. */
export async function moveSnapshot(
  work: 'snapshot' | 'restore',
  name: string,
  options: SnapshotOptions,
  context: CliContext,
): Promise<number> {
  const connection = await connect(options, context);
  const { file } = options;
  const { abortSignal } = context;
  const begun = await connection.client.knowledgeBases[work]({ name, file, abortSignal });
  const { result } = await followJob(connection, begun, work, context);
  if (options.json === true) context.out(`${JSON.stringify(result)}\n`);
  else {
    const { documents, chunks } = result as { documents: number; chunks: number };
    const words = work === 'snapshot' ? `is written to ${file}` : `is restored from ${file}`;
    context.out(`"${name}" ${words}: ${documents} documents, ${chunks} chunks.\n`);
  }
  return EXIT.ok;
}

/** Shows how far a job is until it has succeeded; leaving the command cancels it. */
export async function followJob(
  { client }: Connection,
  job: JobObject,
  label: string,
  context: CliContext,
): Promise<JobObject> {
  const bar = createProgressBar(context);
  try {
    return await client.jobs.wait({
      id: job.id,
      abortSignal: context.abortSignal,
      onProgress: ({ progress }) => {
        const { done = 0, total = 0 } = (progress ?? {}) as { done?: number; total?: number };
        bar.update({ label, done, total });
      },
    });
  } catch (error) {
    if (context.abortSignal.aborted)
      await client.jobs.cancel({ id: job.id }).catch(() => undefined);
    throw error;
  } finally {
    bar.end();
  }
}
