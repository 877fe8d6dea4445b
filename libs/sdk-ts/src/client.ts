import { ROUTES, healthObjectSchema, type HealthObject } from '@espalier/protocol';
import { resolveOptions, type CallOptions, type EspalierClientOptions } from './client-options.js';
import { createTransport } from './internal/transport.js';
import { createAgents, type Agents } from './resources/agents.js';
import { createDocuments, type Documents } from './resources/documents.js';
import { createGraphs, type Graphs } from './resources/graphs.js';
import { createJobs, type Jobs } from './resources/jobs.js';
import { createKeys, type Keys } from './resources/keys.js';
import { createKnowledgeBases, type KnowledgeBases } from './resources/knowledge-bases.js';
import { createModels, type Models } from './resources/models.js';
import { createRegistry, type Registry } from './resources/registry.js';
import { createRuns, type Runs } from './resources/runs.js';
import { createSearch, type Search } from './resources/search.js';
import { createTraining, type Training } from './resources/training.js';
import { createUsage, type UsageReports } from './resources/usage.js';

/** A client of one Espalier server. It holds no connection and needs no closing. */
export interface EspalierClient {
  readonly agents: Agents;
  readonly runs: Runs;
  readonly knowledgeBases: KnowledgeBases;
  readonly documents: Documents;
  readonly graphs: Graphs;
  readonly search: Search;
  readonly keys: Keys;
  readonly usage: UsageReports;
  readonly jobs: Jobs;
  readonly models: Models;
  readonly training: Training;
  readonly registry: Registry;
  /** Tells whether the server runs, and its version; needs no key. */
  health(options?: CallOptions): Promise<HealthObject>;
}

/**
 * Creates a client of the native API of an Espalier server.
 *
 * Every call keeps a time limit, takes an `abortSignal`, repeats what failed in passing, and sends writes under an
 * idempotency key, so that a repetition acts once.
 *
 * @throws {ClientOptionsError} `ERR_SDK_OPTIONS` — an option cannot be used.
 */
export function createEspalierClient(options: EspalierClientOptions): EspalierClient {
  const resolved = resolveOptions(options);
  const transport = createTransport(resolved);
  return {
    agents: createAgents(transport),
    runs: createRuns(transport, resolved),
    knowledgeBases: createKnowledgeBases(transport, resolved),
    documents: createDocuments(transport, resolved),
    graphs: createGraphs(transport, resolved),
    search: createSearch(transport),
    keys: createKeys(transport),
    usage: createUsage(transport),
    jobs: createJobs(transport, resolved),
    models: createModels(transport),
    training: createTraining(transport, resolved),
    registry: createRegistry(transport),
    health: (call) =>
      transport.json(
        {
          route: 'health',
          path: ROUTES.health.path,
          abortSignal: call?.abortSignal,
          timeoutMs: call?.timeoutMs,
        },
        healthObjectSchema,
      ),
  };
}
