import {
  EspalierError,
  type Agent,
  type AgentCallSettings,
  type Clock,
  type Guardrails,
  type IdGenerator,
  type JsonObject,
  type LanguageModel,
  type Logger,
  type Message,
  type ResumeRunOptions,
  type RunEvent,
  type StartRunOptions,
} from '@espalier/core';
import type { RunObject } from '@espalier/protocol';
import type { ApprovalDecision } from '@espalier/core';
import type { UsageStore } from '../state/usage-store.js';
import { createLiveRun, type LiveRun } from './live-run.js';
import type { OwnedRun, ResumeRecord, RunStore, StoredEvent } from './run-store.js';

/** What a run is made from. */
export interface BeginRun {
  readonly keyId: string;
  /** As whom it reads documents; absent: without restriction. */
  readonly principals?: readonly string[] | undefined;
  readonly agent: Agent;
  readonly model?: LanguageModel | undefined;
  /** Present where others than the agent's own hold. */
  readonly guardrails?: Guardrails | undefined;
  /** Known before the first model call, for the run's record. */
  readonly modelId: string;
  readonly knowledgeBase: string | null;
  readonly settings: AgentCallSettings;
  /** The names by which the caller asked, kept for a resume. */
  readonly asked: { readonly model: string | null; readonly knowledgeBase: string | null };
}

/** Runs agents; runs go on whether or not somebody listens, and every event is kept. */
export interface RunHub {
  start(
    options: BeginRun & { messages: readonly Message[]; metadata: JsonObject },
  ): Promise<LiveRun>;
  resume(
    options: BeginRun & {
      run: RunObject;
      record: ResumeRecord;
      decisions: readonly ApprovalDecision[];
    },
  ): LiveRun;
  /** Records a run that somebody else drives; a promise, where it pauses, until it can be resumed. */
  observe(
    event: RunEvent,
    info: {
      runId: string;
      agent: string;
      keyId: string;
      knowledgeBase: string | null;
      settings: AgentCallSettings;
    },
  ): void | Promise<void>;
  get(id: string): Promise<OwnedRun | undefined>;
  /** Whether the events of a run are still kept. */
  hasEvents(owned: OwnedRun): Promise<boolean>;
  /** Resolves once the run has ended; runs that are over stay as they are. */
  cancel(owned: OwnedRun): Promise<RunObject>;
  /** The events behind `afterId`, in batches, until the run ends or pauses. */
  follow(
    owned: OwnedRun,
    options: { afterId: number; abortSignal: AbortSignal },
  ): AsyncIterable<readonly StoredEvent[]>;
  readonly activeCount: number;
  /** Resolves when no run is left. */
  idle(): Promise<void>;
  abortAll(): void;
  /** Ends runs that a dead process left running; those of processes that live stay theirs. */
  recover(): Promise<void>;
}

const BATCH = 500;

/** Creates the hub. */
export function createRunHub(options: {
  store: RunStore;
  usage: UsageStore;
  clock: Clock;
  ids: IdGenerator;
  logger: Logger;
  /** Told every event, and each run when it has ended or paused; must not throw. */
  observer?: {
    onEvent?(run: RunObject, event: RunEvent): void;
    onEnd?(run: RunObject): void;
  };
}): RunHub {
  const { store, usage, clock, ids, logger, observer } = options;
  const live = new Map<string, LiveRun>();
  /** Records of observed runs that are still being made. */
  const inserts = new WeakMap<LiveRun, Promise<void>>();

  const take = (entry: LiveRun, event: RunEvent): void => {
    store.append(entry.run.id, entry.push(withoutMemory(event), clock.now()));
    observer?.onEvent?.(entry.run, event);
  };

  const finish = async (entry: LiveRun, resume: ResumeRecord | null): Promise<void> => {
    try {
      await inserts.get(entry);
      await store.save(entry.run, resume);
    } catch (error) {
      logger.error('A run could not be stored.', { runId: entry.run.id, error: String(error) });
    }
    live.delete(entry.run.id);
    observer?.onEnd?.(entry.run);
    entry.settle();
  };

  const drive = async (
    entry: LiveRun,
    begin: BeginRun,
    call: StartRunOptions | ResumeRunOptions,
  ): Promise<void> => {
    let resume: ResumeRecord | null = null;
    const usageBefore = entry.run.usage;
    try {
      for await (const event of begin.agent.run({
        ...call,
        runId: entry.run.id,
        settings: begin.settings,
        metadata: entry.run.metadata,
        abortSignal: entry.abortController.signal,
        ...(begin.model !== undefined && { model: begin.model }),
        ...(begin.guardrails !== undefined && { guardrails: begin.guardrails }),
        ...(begin.principals !== undefined && { principals: begin.principals }),
      })) {
        take(entry, event);
        if (event.type === 'run-paused') {
          resume = { state: event.state, ...begin.asked, settings: { ...begin.settings } };
        }
      }
    } catch (error) {
      logger.error('An agent threw out of a run.', { runId: entry.run.id, error: String(error) });
      if (!entry.isDone) take(entry, { type: 'run-failed', error: toErrorInfo(error) });
    }
    if (!entry.isDone) {
      take(entry, { type: 'run-failed', error: toErrorInfo(undefined) });
    }
    usage.record({
      keyId: entry.keyId,
      modelId: entry.run.modelId,
      usage: difference(entry.run.usage, usageBefore),
      costUsd: entry.run.costUsd ?? undefined,
    });
    await finish(entry, resume);
  };

  const open = (owned: OwnedRun): LiveRun => {
    const entry = createLiveRun(owned);
    live.set(owned.run.id, entry);
    return entry;
  };

  return {
    async start({ messages, metadata, ...begin }) {
      const run = newRun({
        ...begin,
        id: ids('run'),
        agent: begin.agent.name,
        nowMs: clock.now(),
        metadata,
      });
      await store.insert({ keyId: begin.keyId, run });
      const entry = open({ keyId: begin.keyId, run });
      void drive(entry, begin, { messages });
      return entry;
    },
    resume({ run, record, decisions, ...begin }) {
      const entry = open({ keyId: begin.keyId, run: { ...run, status: 'running' } });
      void drive(entry, begin, { state: record.state, decisions });
      return entry;
    },
    observe(event, info) {
      let entry = live.get(info.runId);
      if (entry === undefined) {
        const run = newRun({
          id: info.runId,
          agent: info.agent,
          modelId: '',
          knowledgeBase: info.knowledgeBase,
          nowMs: clock.now(),
          metadata: {},
        });
        entry = open({ keyId: info.keyId, run });
        const inserted = store.insert({ keyId: info.keyId, run }).catch((error: unknown) => {
          logger.error('A run could not be stored.', { runId: info.runId, error: String(error) });
        });
        inserts.set(entry, inserted);
      }
      take(entry, event);
      if (!entry.isDone) return;
      if (event.type !== 'run-paused') {
        void finish(entry, null);
        return;
      }
      // Waited for, so that who is told of the pause can decide at once.
      const asked = { model: null, knowledgeBase: null };
      return finish(entry, { state: event.state, ...asked, settings: { ...info.settings } });
    },
    async get(id) {
      const entry = live.get(id);
      return entry === undefined ? store.get(id) : { keyId: entry.keyId, run: entry.run };
    },
    hasEvents: async ({ run }) =>
      live.has(run.id) ||
      run.lastEventId === 0 ||
      (await store.events(run.id, { afterId: 0, limit: 1 })).length > 0,
    async cancel(owned) {
      const running = live.get(owned.run.id);
      if (running !== undefined) {
        running.abortController.abort(new DOMException('The run was cancelled.', 'AbortError'));
        return running.finished;
      }
      const stored = await store.get(owned.run.id);
      if (stored?.run.status !== 'paused') return stored?.run ?? owned.run;
      const entry = open(stored);
      take(entry, { type: 'run-cancelled' });
      await finish(entry, null);
      return entry.run;
    },
    async *follow(owned, { afterId, abortSignal }) {
      const entry = live.get(owned.run.id);
      let cursor = afterId;
      if (entry === undefined) {
        const lastId = (await store.get(owned.run.id))?.run.lastEventId ?? 0;
        // A client may have seen events that a dying process had not written; it still gets the end.
        if (cursor > lastId) cursor = lastId - 1;
      }
      while (entry === undefined || cursor < entry.baseId) {
        const stored = await store.events(owned.run.id, { afterId: cursor, limit: BATCH });
        if (stored.length > 0)
          yield entry === undefined ? stored : stored.filter((event) => event.id <= entry.baseId);
        cursor = stored.at(-1)?.id ?? cursor;
        if (stored.length < BATCH) break;
      }
      if (entry === undefined) return;
      cursor = Math.max(afterId, entry.baseId);
      for (;;) {
        const batch = entry.events.slice(cursor - entry.baseId);
        if (batch.length > 0) {
          cursor += batch.length;
          yield batch;
        } else if (entry.isDone) return;
        else await entry.changed(abortSignal);
      }
    },
    get activeCount() {
      return live.size;
    },
    async idle() {
      while (live.size > 0) await Promise.all([...live.values()].map((entry) => entry.finished));
    },
    abortAll() {
      for (const entry of live.values()) {
        entry.abortController.abort(new DOMException('The server is stopping.', 'AbortError'));
      }
    },
    async recover() {
      for (const owned of await store.takeInterrupted()) {
        const entry = open(owned);
        take(entry, {
          type: 'run-failed',
          error: {
            code: 'ERR_SERVER_RUN_INTERRUPTED',
            message: 'The server stopped in the middle of this run. Start it again.',
            isRetryable: true,
          },
        });
        await finish(entry, null);
      }
    },
  };
}

function newRun(options: {
  id: string;
  agent: string;
  modelId: string;
  knowledgeBase: string | null;
  nowMs: number;
  metadata: JsonObject;
}): RunObject {
  return {
    id: options.id,
    agent: options.agent,
    status: 'running',
    createdAt: new Date(options.nowMs).toISOString(),
    finishedAt: null,
    modelId: options.modelId,
    knowledgeBase: options.knowledgeBase,
    output: null,
    citations: [],
    finishReason: null,
    usage: {},
    costUsd: null,
    error: null,
    approvals: [],
    newMessages: [],
    metadata: options.metadata,
    lastEventId: 0,
  };
}

function toErrorInfo(error: unknown): { code: string; message: string; isRetryable: boolean } {
  if (EspalierError.isInstance(error)) {
    return { code: error.code, message: error.message, isRetryable: error.isRetryable };
  }
  return {
    code: 'ERR_SERVER_RUN_FAILED',
    message: 'The agent ended without an answer.',
    isRetryable: false,
  };
}

function difference(after: RunObject['usage'], before: RunObject['usage']): RunObject['usage'] {
  return {
    inputTokens: Math.max((after.inputTokens ?? 0) - (before.inputTokens ?? 0), 0),
    outputTokens: Math.max((after.outputTokens ?? 0) - (before.outputTokens ?? 0), 0),
  };
}

/** What guardrails took out of the conversation goes neither to clients nor into the events that are kept. */
function withoutMemory(event: RunEvent): RunEvent {
  if (event.type !== 'run-paused' || event.state.guardMemory === undefined) return event;
  const { guardMemory: _kept, ...state } = event.state;
  return { ...event, state };
}
