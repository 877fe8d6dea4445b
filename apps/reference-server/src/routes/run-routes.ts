import { userMessage, type AgentCallSettings, type JsonValue } from '@espalier/core';
import {
  EVENT_STREAM_MEDIA_TYPE,
  LAST_EVENT_ID_HEADER,
  approveRunRequestSchema,
  createRunRequestSchema,
  listRunsFilterSchema,
  pageQuerySchema,
  pageSchema,
  runObjectSchema,
  type RunObject,
} from '@espalier/protocol';
import type { AppParts } from '../composition/app-parts.js';
import { requestInvalid } from '../errors/body-errors.js';
import {
  decisionsInvalid,
  runEventsGone,
  runStateConflict,
  runUnknown,
} from '../errors/resource-errors.js';
import { decodeCursor, toPage } from '../http/cursor.js';
import type { ServerRoute } from '../http/define-route.js';
import { answerJson, idempotent } from '../http/idempotent.js';
import { readJsonBody } from '../http/request-body.js';
import { sendRunStream } from '../http/send-run-stream.js';
import type { ServerContext } from '../http/server-variables.js';
import type { LiveRun } from '../runs/live-run.js';
import type { OwnedRun } from '../runs/run-store.js';
import { hashJson } from '../state/idempotency-store.js';
import { queryOf } from './page-request.js';

const listQuerySchema = pageQuerySchema.extend(listRunsFilterSchema.shape);
const runAnswers = {
  201: [
    { description: 'The run, when it has ended or paused.', schema: runObjectSchema },
    {
      description: 'Its events, with `stream` or `Accept: text/event-stream`.',
      mediaType: EVENT_STREAM_MEDIA_TYPE,
    },
  ],
  202: { description: 'The run, which goes on, with `background`.', schema: runObjectSchema },
} as const;

/** How a caller wants a run's answer. */
type Delivery = 'stream' | 'background' | 'whole';

/** Routes that start, follow, steer and list runs. */
export function runRoutes(parts: AppParts): ServerRoute[] {
  const { runs, runStore, catalogue, idempotency, limits, keys, guardrailsOf } = parts;

  const owned = async (c: ServerContext): Promise<OwnedRun> => {
    const id = c.req.param('id') ?? '';
    const found = await runs.get(id);
    const principal = c.get('principal');
    if (found === undefined || (principal.role !== 'admin' && found.keyId !== principal.keyId))
      throw runUnknown(id);
    return found;
  };

  const stream = (
    c: ServerContext,
    run: OwnedRun,
    options: { afterId: number; status: number },
  ): Promise<Response> =>
    sendRunStream(c, {
      status: options.status,
      runId: run.run.id,
      open: (abortSignal) => runs.follow(run, { afterId: options.afterId, abortSignal }),
    });

  /** Begins a run once for its idempotency key and delivers it as asked. */
  const deliver = async (
    c: ServerContext,
    options: {
      raw: JsonValue;
      delivery: Delivery;
      afterId: number;
      begin(): Promise<LiveRun> | LiveRun;
    },
  ): Promise<Response> => {
    const { delivery } = options;
    const answer = await idempotent(c, {
      store: idempotency,
      bodyHash: hashJson(options.raw),
      async work() {
        const live = await options.begin();
        const run = delivery === 'whole' ? await live.finished : live.run;
        return { status: delivery === 'background' ? 202 : 201, body: run as unknown as JsonValue };
      },
    });
    if (delivery !== 'stream') return answerJson(c, answer);
    const { id } = answer.body as unknown as RunObject;
    const run = await runs.get(id);
    if (run === undefined) throw runUnknown(id);
    return stream(c, run, { afterId: options.afterId, status: answer.status });
  };

  return [
    {
      name: 'createRun',
      tag: 'Runs',
      summary: 'Starts a run of an agent',
      description:
        'Answers with the finished run, with its events as they happen (`stream`), or at once (`background`). The run goes on when the client goes away; its stream can be continued.',
      access: 'key',
      body: createRunRequestSchema,
      takesIdempotencyKey: true,
      answers: runAnswers,
      async handle(c) {
        const { raw, value } = await readJsonBody(c, createRunRequestSchema, limits);
        const name = c.req.param('name') ?? '';
        const resolved = await catalogue.forRun({
          agent: name,
          model: value.model,
          knowledgeBase: value.knowledgeBase,
          scope: c.get('principal').scope,
        });
        return deliver(c, {
          raw,
          delivery: deliveryOf(c, value),
          afterId: 0,
          begin: () =>
            runs.start({
              ...resolved,
              guardrails: guardrailsOf({
                keyId: c.get('principal').keyId,
                tenant: c.get('principal').scope.tenant,
                path: `/api/v1/agents/${name}/runs`,
              }),
              keyId: c.get('principal').keyId,
              principals: c.get('principal').scope.principals,
              settings: (value.settings ?? {}) as AgentCallSettings,
              messages: value.messages ?? [userMessage(value.input ?? '')],
              metadata: value.metadata ?? {},
            }),
        });
      },
    },
    {
      name: 'listRuns',
      tag: 'Runs',
      summary: 'Lists runs, newest first',
      description: 'A key with the role "user" sees its own runs only.',
      access: 'key',
      query: listQuerySchema,
      answers: { 200: { description: 'A page of runs.', schema: pageSchema(runObjectSchema) } },
      async handle(c) {
        const { agent, status, cursor, limit = 50 } = queryOf(c, listQuerySchema);
        const principal = c.get('principal');
        const rows = await runStore.list({
          keyId: principal.role === 'admin' ? undefined : principal.keyId,
          agent,
          status,
          beforeId: decodeCursor(cursor),
          limit: limit + 1,
        });
        return c.json(toPage(rows, limit, { key: (run) => run.id, map: (run) => run }));
      },
    },
    {
      name: 'getRun',
      tag: 'Runs',
      summary: 'Returns a run as it is now',
      access: 'key',
      answers: { 200: { description: 'The run.', schema: runObjectSchema } },
      async handle(c) {
        return c.json((await owned(c)).run);
      },
    },
    {
      name: 'streamRun',
      tag: 'Runs',
      summary: "Streams a run's events",
      description:
        'From the first event, or from the one after `Last-Event-ID`; each event exactly once. Ends when the run ends or pauses.',
      access: 'key',
      takesLastEventId: true,
      answers: { 200: { description: 'Events.', mediaType: EVENT_STREAM_MEDIA_TYPE } },
      async handle(c) {
        const run = await owned(c);
        const afterId = lastEventId(c);
        if (!(await runs.hasEvents(run))) throw runEventsGone(run.run.id);
        return stream(c, run, { afterId, status: 200 });
      },
    },
    {
      name: 'cancelRun',
      tag: 'Runs',
      summary: 'Cancels a run; one that is over stays as it is',
      access: 'key',
      answers: { 200: { description: 'The run as it then is.', schema: runObjectSchema } },
      async handle(c) {
        return c.json(await runs.cancel(await owned(c)));
      },
    },
    {
      name: 'approveRun',
      tag: 'Runs',
      summary: 'Goes on with a paused run',
      description:
        'Takes one decision for each call that waits. Answers as the creation of a run does, from the new events on.',
      access: 'key',
      body: approveRunRequestSchema,
      takesIdempotencyKey: true,
      answers: runAnswers,
      async handle(c) {
        const { raw, value } = await readJsonBody(c, approveRunRequestSchema, limits);
        const { run, keyId } = await owned(c);
        return deliver(c, {
          raw,
          delivery: deliveryOf(c, value),
          afterId: run.lastEventId,
          async begin() {
            const record =
              run.status === 'paused' ? await runStore.resumeRecord(run.id) : undefined;
            const current = await runs.get(run.id);
            if (record === undefined || current?.run.status !== 'paused') {
              throw runStateConflict(run.id, current?.run.status ?? run.status, 'paused');
            }
            assertDecisions(run, value.decisions);
            // Whoever approves, the run goes on reading, and is guarded, as who began it.
            const scope = await keys.scopeOf(keyId);
            const resolved = await catalogue.forRun({
              scope,
              agent: run.agent,
              model: record.model ?? undefined,
              knowledgeBase: record.knowledgeBase ?? undefined,
            });
            return runs.resume({
              ...resolved,
              guardrails: guardrailsOf({
                keyId,
                tenant: scope.tenant,
                path: `/api/v1/agents/${run.agent}/runs`,
              }),
              keyId,
              principals: scope.principals,
              settings: record.settings,
              run,
              record,
              decisions: value.decisions,
            });
          },
        });
      },
    },
  ];
}

function deliveryOf(
  c: ServerContext,
  body: { stream?: boolean | undefined; background?: boolean | undefined },
): Delivery {
  const wantsStream =
    body.stream ?? (c.req.header('accept') ?? '').includes(EVENT_STREAM_MEDIA_TYPE);
  if (wantsStream && body.background === true) {
    throw requestInvalid('body', [
      { pointer: '/background', message: 'Cannot be true together with "stream".' },
    ]);
  }
  return wantsStream ? 'stream' : body.background === true ? 'background' : 'whole';
}

function lastEventId(c: ServerContext): number {
  const header = c.req.header(LAST_EVENT_ID_HEADER);
  if (header === undefined || header === '') return 0;
  const id = Number(header);
  if (!Number.isSafeInteger(id) || id < 0) {
    throw requestInvalid('query', [
      { pointer: 'Last-Event-ID', message: 'Must be the id of an event of this run.' },
    ]);
  }
  return id;
}

function assertDecisions(run: RunObject, decisions: readonly { toolCallId: string }[]): void {
  const waiting = new Set(run.approvals.map((request) => request.toolCallId));
  for (const { toolCallId } of decisions) {
    if (!waiting.delete(toolCallId))
      throw decisionsInvalid(`"${toolCallId.slice(0, 80)}" does not wait.`);
  }
  if (waiting.size > 0) throw decisionsInvalid(`${[...waiting].join(', ')} got none.`);
}
