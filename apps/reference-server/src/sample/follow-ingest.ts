import type { Job } from '@espalier/core';
import type { IngestReportObject } from '@espalier/protocol';
import type { IngestBoard, IngestState } from '../knowledge/ingest-board.js';
import { reportOf } from '../knowledge/ingest-jobs.js';

/** How the ingest of the sample ended. */
export type SampleIngest = { readonly knowledgeBase: string } & (
  { readonly report: IngestReportObject } | { readonly problem: string }
);

/** Tells how far the ingest of the sample is, and how it ended; `done` is its finished job, if there was one. */
export async function followIngest(options: {
  board: IngestBoard;
  knowledgeBase: string;
  done: Promise<Job | undefined>;
  onProgress: (state: IngestState) => void;
}): Promise<SampleIngest | undefined> {
  const { board, knowledgeBase, done, onProgress } = options;
  const unwatch = board.watch(knowledgeBase, onProgress);
  const state = board.of(knowledgeBase);
  if (state !== undefined) onProgress(state);
  try {
    const job = await done;
    if (job === undefined) return undefined;
    return job.status === 'succeeded'
      ? { knowledgeBase, report: reportOf(job) }
      : { knowledgeBase, problem: job.error?.message ?? job.status };
  } finally {
    unwatch();
  }
}
