import type { Database } from '@espalier/database';
import type { EraseRequest, ErasureReportObject } from '@espalier/protocol';
import type { RunStore } from '../runs/run-store.js';
import type { ServerTables } from '../state/server-tables.js';
import { eraseTraces } from './erase-traces.js';
import type { IngestJobs } from './ingest-jobs.js';
import type { KnowledgeScope } from './knowledge-scope.js';
import type { KnowledgeService } from './knowledge-service.js';

/** Erases documents everywhere that this server keeps anything of them. */
export interface DocumentEraser {
  erase(options: {
    knowledgeBase: string;
    scope: KnowledgeScope;
    request: EraseRequest;
  }): Promise<ErasureReportObject>;
}

/** Creates the eraser. */
export function createEraser(options: {
  knowledge: KnowledgeService;
  ingestJobs: IngestJobs;
  runStore: RunStore;
  database: Database<ServerTables>;
}): DocumentEraser {
  const { knowledge, ingestJobs, runStore, database } = options;
  return {
    async erase({ knowledgeBase, scope, request }) {
      const report = await knowledge.of(scope).erase(knowledgeBase, request);
      const { documentIds } = report;
      if (documentIds.length === 0) return report;
      const waiting = await ingestJobs.sweepUploads();
      const held = documentIds.filter((id) => waiting.has(id)).length;
      await runStore.flush();
      const places = [
        ...report.places,
        {
          place: 'uploads',
          removed: 0,
          isPurged: held === 0,
          ...(held > 0 && {
            problem: `an upload that is yet to be ingested holds ${held} of them`,
          }),
        },
        await eraseTraces({ database, knowledgeBase, documentIds }),
      ];
      return { ...report, places, isComplete: places.every(({ isPurged }) => isPurged) };
    },
  };
}
