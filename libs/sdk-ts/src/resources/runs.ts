import {
  ROUTES,
  isFinalRunEvent,
  pageSchema,
  routePath,
  runObjectSchema,
  type ApproveRunRequest,
  type CreateRunRequest,
  type ListRunsFilter,
  type RunObject,
} from '@espalier/protocol';
import type { CallOptions, ResolvedOptions, WriteOptions } from '../client-options.js';
import { followRun } from '../internal/follow-run.js';
import type { Transport } from '../internal/transport.js';
import { createPaginator, type ListOptions, type Paginator } from '../paginator.js';
import { createRunStream, type RunStream } from '../run-stream.js';

/** What a run is started with: the agent's name, and either `input` or `messages`. */
export interface StartRunOptions
  extends Omit<CreateRunRequest, 'stream' | 'background'>, WriteOptions {
  readonly agent: string;
}

/** A run whose events are read as they happen. */
export interface StreamRunOptions extends StartRunOptions {
  /**
   * What leaving the stream early does, by abort or by breaking the loop: `cancel` ends the run on the server too,
   * `detach` lets it go on. Default `cancel`.
   */
  readonly onLeave?: 'cancel' | 'detach';
}

/** Decisions on the tool calls for which a run waits. */
export interface ApproveRunOptions extends Pick<ApproveRunRequest, 'decisions'>, WriteOptions {
  readonly id: string;
}

/** Runs of agents. */
export interface Runs {
  /** Runs to the end and returns it, with its answer and citations. */
  create(options: StartRunOptions): Promise<RunObject>;
  /** Starts a run and returns at once; follow it with `attach`. */
  start(options: StartRunOptions): Promise<RunObject>;
  /** Starts a run and yields its events; broken connections are continued without loss or repetition. */
  stream(options: StreamRunOptions): RunStream;
  /** Yields the events of a run that exists, from the first or from the one after `lastEventId`. */
  attach(options: { id: string; lastEventId?: number } & CallOptions): RunStream;
  get(options: { id: string } & CallOptions): Promise<RunObject>;
  list(options?: ListRunsFilter & ListOptions): Paginator<RunObject>;
  cancel(options: { id: string } & WriteOptions): Promise<RunObject>;
  /** Decides on the calls that wait and returns at once, while the run goes on; follow it with `attach`. */
  approve(options: ApproveRunOptions): Promise<RunObject>;
}

export function createRuns(transport: Transport, options: ResolvedOptions): Runs {
  function post(request: StartRunOptions, isBackground: boolean): Promise<RunObject> {
    const { agent, abortSignal, timeoutMs, idempotencyKey, ...body } = request;
    return transport.json(
      {
        route: 'createRun',
        path: routePath('createRun', { name: agent }),
        json: isBackground ? { ...body, background: true } : body,
        abortSignal,
        timeoutMs: timeoutMs ?? (isBackground ? options.timeoutMs : options.longTimeoutMs),
        idempotencyKey,
      },
      runObjectSchema,
    );
  }

  const cancel: Runs['cancel'] = ({ id, abortSignal, timeoutMs, idempotencyKey }) =>
    transport.json(
      {
        route: 'cancelRun',
        path: routePath('cancelRun', { id }),
        abortSignal,
        timeoutMs,
        idempotencyKey,
      },
      runObjectSchema,
    );

  return {
    create: (request) => post(request, false),
    start: (request) => post(request, true),

    stream({ onLeave = 'cancel', ...request }) {
      let runId: string | undefined;
      return createRunStream({
        runId: () => runId,
        lastEventId: 0,
        open: async function* () {
          // Started in the background, under one idempotency key, so that a lost answer starts no second run.
          const run = await post(request, true);
          runId = run.id;
          let isComplete = false;
          const events = followRun({
            transport,
            options,
            runId: run.id,
            lastEventId: 0,
            abortSignal: request.abortSignal,
          });
          try {
            for await (const entry of events) {
              if (isFinalRunEvent(entry.event)) isComplete = true;
              yield entry;
            }
          } catch (error) {
            // A broken stream may be continued later; only leaving it on purpose ends the run.
            isComplete ||= request.abortSignal?.aborted !== true;
            throw error;
          } finally {
            if (!isComplete && onLeave === 'cancel') {
              // The caller has left: there is nobody to tell if the run cannot be reached any more.
              cancel({ id: run.id }).catch(() => undefined);
            }
          }
        },
      });
    },

    attach({ id, lastEventId = 0, abortSignal }) {
      return createRunStream({
        runId: () => id,
        lastEventId,
        open: () => followRun({ transport, options, runId: id, lastEventId, abortSignal }),
      });
    },

    get: ({ id, abortSignal, timeoutMs }) =>
      transport.json(
        { route: 'getRun', path: routePath('getRun', { id }), abortSignal, timeoutMs },
        runObjectSchema,
      ),
    list: (list) =>
      createPaginator({
        transport,
        request: {
          route: 'listRuns',
          path: ROUTES.listRuns.path,
          query: { agent: list?.agent, status: list?.status },
        },
        schema: pageSchema(runObjectSchema),
        list,
      }),
    cancel,
    approve: ({ id, decisions, abortSignal, timeoutMs, idempotencyKey }) =>
      transport.json(
        {
          route: 'approveRun',
          path: routePath('approveRun', { id }),
          json: { decisions, background: true },
          abortSignal,
          timeoutMs,
          idempotencyKey,
        },
        runObjectSchema,
      ),
  };
}
