import { join } from 'node:path';
import type { Clock, Job, JobQueue, JsonObject, JsonValue } from '@espalier/core';
import { WHOLE_SCOPE, type KnowledgeScope } from './knowledge-scope.js';
import type { KnowledgeService } from './knowledge-service.js';

/** Long work on one knowledge base. */
export type LifecycleWork = 'reindex' | 'repair' | 'snapshot' | 'restore' | 'migrate' | 'graph';

/** Runs long work on knowledge bases as durable jobs. */
export interface LifecycleJobs {
  enqueue(options: {
    work: LifecycleWork;
    knowledgeBase: string;
    scope: KnowledgeScope;
    /** The name of a file in the folder of snapshots. */
    file?: string;
    /** The store to take vectors over from. */
    from?: string;
  }): Promise<Job>;
  /** Begins to work, first on what a dead process left. */
  start(): Promise<void>;
}

interface Payload extends JsonObject {
  knowledgeBase: string;
  tenant: string | null;
  file: string | null;
  from: string | null;
}

const WORKS: readonly LifecycleWork[] = [
  'reindex',
  'repair',
  'snapshot',
  'restore',
  'migrate',
  'graph',
];
const PROGRESS_EVERY_MS = 200;

/** Creates the jobs over a queue. */
export function createLifecycleJobs(options: {
  jobs: JobQueue;
  knowledge: KnowledgeService;
  /** Where snapshots lie. */
  folder: string;
  clock: Clock;
}): LifecycleJobs {
  const { jobs, knowledge, folder, clock } = options;

  const handle = async (
    work: LifecycleWork,
    payload: Payload,
    context: { abortSignal: AbortSignal; progress(value: JsonValue): Promise<void> },
  ): Promise<JsonValue> => {
    const { knowledgeBase: name, tenant, file, from } = payload;
    const scoped = knowledge.of(tenant === null ? WHOLE_SCOPE : { tenant });
    let lastMs = Number.NEGATIVE_INFINITY;
    const common = {
      abortSignal: context.abortSignal,
      onProgress({ done, total }: { done: number; total: number }): void {
        if (clock.monotonic() - lastMs < PROGRESS_EVERY_MS && done < total) return;
        lastMs = clock.monotonic();
        void context.progress({ done, total }).catch(() => undefined);
      },
    };
    // Tenants have folders of their own, so that none can restore what another wrote.
    const path = join(folder, tenant ?? '_', file ?? '');
    switch (work) {
      case 'reindex':
        return scoped.reindex(name, common);
      case 'repair':
        return scoped.repair(name, common);
      case 'snapshot':
        return scoped.snapshot(name, { path, ...common });
      case 'graph':
        return scoped.buildGraph(name, common);
      case 'migrate':
        return scoped.migrate(name, { from: from ?? 'lancedb', ...common });
      case 'restore':
        return scoped.restore(name, { path, ...common });
    }
  };

  return {
    enqueue({ work, knowledgeBase, scope, file, from }) {
      const payload: Payload = {
        knowledgeBase,
        tenant: scope.tenant ?? null,
        file: file ?? null,
        from: from ?? null,
      };
      return jobs.enqueue({ kind: work, payload });
    },
    async start() {
      for (const work of WORKS) {
        await jobs.work({
          kind: work,
          handler: (job, context) => handle(work, job.payload as Payload, context),
        });
      }
    },
  };
}
