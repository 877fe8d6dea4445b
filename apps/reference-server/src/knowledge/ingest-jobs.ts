import type { Clock, Job, JobQueue, JsonObject, JsonValue, Logger } from '@espalier/core';
import type { IngestReportObject, IngestRequest } from '@espalier/protocol';
import type { IngestBoard } from './ingest-board.js';
import { WHOLE_SCOPE, type KnowledgeScope } from './knowledge-scope.js';
import type { KnowledgeOperations, KnowledgeService } from './knowledge-service.js';
import type { UploadSpool, UploadedDocument } from './upload-spool.js';

/** The kind under which ingests stand in the job queue. */
export const INGEST_JOB = 'ingest';

const SWEEP_AFTER_MS = 5_000;
const PROGRESS_EVERY_MS = 200;

/** Runs ingests as durable jobs. */
export interface IngestJobs {
  /** Stores the documents and queues their ingest. */
  enqueue(options: {
    knowledgeBase: string;
    tenant: string | undefined;
    create: boolean;
    documents: readonly UploadedDocument[];
    prune: IngestRequest['prune'];
  }): Promise<Job>;
  /** Queues an ingest of documents that the process can read again by itself; once for each key. */
  enqueueBuiltIn(options: { knowledgeBase: string; key: string }): Promise<Job>;
  /** Resolves when a job of this process is over. */
  settled(id: string, abortSignal: AbortSignal): Promise<Job>;
  /** Removes what finished jobs left of uploads; resolves to the sources that jobs yet to end will read. */
  sweepUploads(): Promise<ReadonlySet<string>>;
  /** Begins to work, first on what a dead process left. */
  start(): Promise<void>;
}

interface Payload extends JsonObject {
  knowledgeBase: string;
  tenant: string | null;
  create: boolean;
  /** `null`: the built-in documents. */
  upload: string | null;
  prune: JsonValue;
}

/** Creates the jobs over a queue. */
export function createIngestJobs(options: {
  jobs: JobQueue;
  uploads: UploadSpool;
  knowledge: KnowledgeService;
  /** The documents of the sample knowledge base. */
  builtIn: { count(): Promise<number>; read(): AsyncIterable<UploadedDocument> };
  board: IngestBoard;
  clock: Clock;
  logger: Logger;
}): IngestJobs {
  const { jobs, uploads, knowledge, builtIn, board, clock, logger } = options;
  const waiters = new Map<string, (() => void)[]>();

  const isOver = async (jobId: string): Promise<boolean> => {
    const job = await jobs.get(jobId);
    return job === undefined || isFinalJob(job);
  };
  const sweepLater = (): void => {
    clock.setTimer(SWEEP_AFTER_MS, () => {
      uploads.sweep(isOver).catch((error: unknown) => {
        logger.warn('Finished uploads could not be removed.', { error: String(error) });
      });
    });
  };

  const handle = async (
    job: Job,
    context: { abortSignal: AbortSignal; progress(value: JsonValue): Promise<void> },
  ) => {
    const payload = job.payload as Payload;
    const { knowledgeBase, upload } = payload;
    const scoped = knowledge.of(scopeOf(payload));
    const total = upload === null ? await builtIn.count() : await uploads.count(upload);
    board.set(knowledgeBase, { documentsDone: 0, documentsTotal: total });
    if (payload.create && !(await scoped.has(knowledgeBase))) {
      await scoped.create({ name: knowledgeBase });
    }
    // Nobody is there to be told that the sample needs it.
    if (upload === null && (await needsReindex(scoped, knowledgeBase)))
      await scoped.reindex(knowledgeBase, { abortSignal: context.abortSignal });
    let lastMs = Number.NEGATIVE_INFINITY;
    const report = await scoped.ingest(knowledgeBase, {
      sources: upload === null ? builtIn.read() : uploads.read(upload),
      prune: payload.prune as IngestRequest['prune'],
      abortSignal: context.abortSignal,
      onProgress(progress) {
        const { documentsDone } = progress;
        const documentsTotal = Math.max(total, documentsDone);
        board.set(knowledgeBase, { documentsDone, documentsTotal });
        if (clock.monotonic() - lastMs < PROGRESS_EVERY_MS) return;
        lastMs = clock.monotonic();
        void context.progress({ ...progress, documentsTotal }).catch(() => undefined);
      },
    });
    return report as unknown as JsonValue;
  };

  const wake = (id: string): void => {
    for (const waiter of waiters.get(id) ?? []) waiter();
    waiters.delete(id);
  };

  return {
    async enqueue({ knowledgeBase, tenant, create, documents, prune }) {
      const upload = await uploads.put(documents);
      const payload: Payload = {
        knowledgeBase,
        tenant: tenant ?? null,
        create,
        upload,
        prune: prune ?? null,
      };
      const job = await jobs.enqueue({ kind: INGEST_JOB, payload });
      await uploads.assign(upload, job.id);
      return job;
    },
    enqueueBuiltIn({ knowledgeBase, key }) {
      const payload: Payload = {
        knowledgeBase,
        tenant: null,
        create: true,
        upload: null,
        prune: true,
      };
      return jobs.enqueue({ kind: INGEST_JOB, key, payload });
    },
    async settled(id, abortSignal) {
      for (;;) {
        abortSignal.throwIfAborted();
        const changed = new Promise<void>((resolve) => {
          waiters.set(id, [...(waiters.get(id) ?? []), resolve]);
        });
        const job = await jobs.get(id);
        if (job === undefined || isFinalJob(job)) {
          waiters.delete(id);
          if (job === undefined)
            throw new Error('A job was removed while a request waited for it.');
          return job;
        }
        // The handler's end comes a moment before the queue has stored it, hence the short second look.
        await Promise.race([changed, clock.sleep(250, { abortSignal })]);
        await clock.sleep(5, { abortSignal });
      }
    },
    sweepUploads: async () => {
      await uploads.sweep(isOver);
      return uploads.sources();
    },
    async start() {
      await uploads.sweep(isOver);
      await jobs.work({
        kind: INGEST_JOB,
        handler: async (job, context) => {
          try {
            return await handle(job, context);
          } finally {
            board.clear((job.payload as Payload).knowledgeBase);
            wake(job.id);
            sweepLater();
          }
        },
      });
    },
  };
}

function scopeOf({ tenant }: { tenant?: string | null }): KnowledgeScope {
  return typeof tenant === 'string' ? { tenant } : WHOLE_SCOPE;
}

async function needsReindex(knowledge: KnowledgeOperations, name: string): Promise<boolean> {
  const all = await knowledge.list();
  return all.find((one) => one.name === name)?.needsReindex === true;
}

/** Whether a job is over. */
export const isFinalJob = (job: Job): boolean =>
  job.status === 'succeeded' || job.status === 'failed' || job.status === 'cancelled';

/** The report in a finished job. */
export function reportOf(job: Job): IngestReportObject {
  return job.result as unknown as IngestReportObject;
}
