import { isAbortError, type Job, type Logger } from '@espalier/core';
import type { IngestBoard } from '../knowledge/ingest-board.js';
import { isFinalJob, type IngestJobs } from '../knowledge/ingest-jobs.js';
import type { SampleDocuments } from './sample-documents.js';

/**
 * Queues the ingest of the sample where its documents are new or changed, and waits for its end.
 *
 * Resolves to the finished job; to `undefined` where there was nothing to do, or the server stopped before the end.
 */
export async function ingestSample(options: {
  sample: SampleDocuments;
  knowledgeBase: string;
  jobs: IngestJobs;
  board: IngestBoard;
  logger: Logger;
  abortSignal: AbortSignal;
}): Promise<Job | undefined> {
  const { sample, knowledgeBase, jobs, board, logger, abortSignal } = options;
  try {
    const fingerprint = await sample.fingerprint();
    if (fingerprint === undefined) return undefined;
    // Known before its first document, so that a question that comes early is told so.
    board.set(knowledgeBase, { documentsDone: 0, documentsTotal: await sample.count() });
    const job = await jobs.enqueueBuiltIn({ knowledgeBase, key: `sample-${fingerprint}` });
    return isFinalJob(job) ? undefined : await jobs.settled(job.id, abortSignal);
  } catch (error) {
    if (!isAbortError(error))
      logger.error('The sample knowledge base could not be filled.', { error: String(error) });
    return undefined;
  } finally {
    board.clear(knowledgeBase);
  }
}
