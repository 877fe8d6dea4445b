import {
  createIdGenerator,
  createSilentLogger,
  createSystemClock,
  createSystemRandom,
  createTelemetry,
  GEN_AI,
  InvalidArgumentError,
  type Agent,
  type ResumeRunOptions,
  type RunEvent,
  type StartRunOptions,
  type Tool,
  type Usage,
} from '@espalier/core';
import { context } from '@opentelemetry/api';
import type { AgentOptions } from './agent-options.js';
import { setUsage } from './internal/call-model.js';
import { createPassageBook } from './internal/passage-book.js';
import { prepareResume } from './internal/prepare-resume.js';
import { runAgent } from './internal/run-agent.js';
import type { ChatMetrics, OpenSpan, RunContext } from './internal/run-context.js';
import { SEARCH_TOOL } from './internal/search-tool.js';
import { toErrorInfo } from './internal/to-error-info.js';

const DEFAULT_MAX_STEPS = 10;
const DEFAULT_MAX_REASKS = 2;

/**
 * Creates an agent: a loop of model calls and tool calls, with evidence and rails, until there is an answer.
 *
 * A run begins with `run-started` and ends with exactly one of `run-finished`, `run-paused`, `run-failed`,
 * `run-cancelled`. Nothing reaches the model that its `model-request` event does not show.
 *
 * A call of a tool that needs approval pauses the run; the state in `run-paused` is plain JSON, and `run` goes on from
 * it in any process that has an agent of the same name. A call that fails is told to the model. A rail that blocks ends
 * the run with the finish reason `blocked`, except at `retrieval`, where the passage is left out.
 *
 * `run` itself throws only for a state or decisions that cannot be resumed from, before any event.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: two tools of one name, or a limit out of range.
 */
export function createAgent(options: AgentOptions): Agent {
  const tools = toolsByName(options);
  const {
    maxSteps = DEFAULT_MAX_STEPS,
    maxCostUsd,
    maxReasks = DEFAULT_MAX_REASKS,
  } = options.limits ?? {};
  if (!Number.isInteger(maxSteps) || maxSteps < 1) {
    throw new InvalidArgumentError({
      argument: 'limits.maxSteps',
      value: maxSteps,
      expected: 'a whole number from 1',
    });
  }
  if (!Number.isInteger(maxReasks) || maxReasks < 0) {
    throw new InvalidArgumentError({
      argument: 'limits.maxReasks',
      value: maxReasks,
      expected: 'a whole number from 0',
    });
  }
  if (maxCostUsd !== undefined && !(maxCostUsd > 0)) {
    throw new InvalidArgumentError({
      argument: 'limits.maxCostUsd',
      value: maxCostUsd,
      expected: 'more than 0',
    });
  }
  const clock = options.clock ?? createSystemClock();
  const ids = options.ids ?? createIdGenerator({ clock, random: createSystemRandom() });
  const logger = options.logger ?? createSilentLogger();
  const telemetry = options.telemetry ?? createTelemetry({ name: '@espalier/agents' });
  const metrics: ChatMetrics = {
    tokens: telemetry.meter.createHistogram(GEN_AI.metric.tokenUsage, { unit: '{token}' }),
    duration: telemetry.meter.createHistogram(GEN_AI.metric.operationDuration, { unit: 's' }),
  };

  const createContext = (
    given: StartRunOptions | ResumeRunOptions,
    abortSignal: AbortSignal,
  ): Omit<RunContext, 'openSpan'> => {
    const state = 'state' in given ? prepareResume({ agent: options.name, ...given }) : undefined;
    const model = given.model ?? options.model;
    const messages = state?.messages ?? ('messages' in given ? given.messages : []);
    const guardrails = given.guardrails ?? options.guardrails;
    return {
      runId: given.runId ?? state?.runId ?? ids('run'),
      agentName: options.name,
      instructions: options.instructions,
      model,
      tools,
      retrieval: options.retrieval,
      hasSearchTool: options.retrieval?.when === 'tool' && model.limits.supportsTools,
      guardrails: guardrails?.openConversation?.(state?.guardMemory) ?? guardrails,
      maxSteps,
      maxCostUsd,
      reasksLeft: maxReasks,
      feedback: undefined,
      startedMs: clock.monotonic(),
      prices: options.prices,
      settings: given.settings ?? {},
      principals: given.principals,
      metadata: given.metadata,
      abortSignal,
      clock,
      logger,
      telemetry,
      metrics,
      passages: createPassageBook(state?.passages ?? []),
      messages: structuredClone([...messages]),
      inputMessageCount: state?.inputMessageCount ?? messages.length,
      citations: [...(state?.citations ?? [])],
      step: state?.step ?? 0,
      usage: state?.usage ?? {},
      costUsd: state?.costUsd,
    };
  };

  return {
    specificationVersion: 'v1',
    name: options.name,
    description: options.description,
    run(given) {
      const leaving = new AbortController();
      const abortSignal =
        given.abortSignal === undefined
          ? leaving.signal
          : AbortSignal.any([given.abortSignal, leaving.signal]);
      const parent = context.active();
      const base = createContext(given, abortSignal);
      const openRoot = (): OpenSpan =>
        context.with(parent, () =>
          telemetry.startSpan(`${GEN_AI.operation.invokeAgent} ${options.name}`, {
            [GEN_AI.attribute.operationName]: GEN_AI.operation.invokeAgent,
            [GEN_AI.attribute.agentName]: options.name,
            [GEN_AI.attribute.runId]: base.runId,
            [GEN_AI.attribute.requestModel]: base.model.modelId,
            [GEN_AI.attribute.providerName]: base.model.provider,
          }),
        );
      return follow({ base, openRoot, given, leaving });
    },
  };
}

/** Turns faults and aborts into a run's last event, and closes its span whatever happens. */
async function* follow(options: {
  readonly base: Omit<RunContext, 'openSpan'>;
  readonly openRoot: () => OpenSpan;
  readonly given: StartRunOptions | ResumeRunOptions;
  readonly leaving: AbortController;
}): AsyncGenerator<RunEvent, void, void> {
  const { base, given, leaving } = options;
  const root = options.openRoot();
  const run: RunContext = Object.assign(base, {
    openSpan: (name: string, attributes: Parameters<RunContext['openSpan']>[1]) =>
      root.run(() => base.telemetry.startSpan(name, attributes)),
  });
  try {
    yield* runAgent(run, 'state' in given ? given : undefined);
  } catch (error) {
    if (run.abortSignal.aborted) {
      yield { type: 'run-cancelled' };
      return;
    }
    root.fail(error);
    run.logger.error('A run failed', { runId: run.runId, agent: run.agentName, error });
    yield { type: 'run-failed', error: toErrorInfo(error) };
  } finally {
    leaving.abort();
    closeRoot(root, run.usage, run.costUsd);
  }
}

function closeRoot({ span }: OpenSpan, usage: Usage, costUsd: number | undefined): void {
  setUsage(span, usage);
  if (costUsd !== undefined) span.setAttribute(GEN_AI.attribute.costUsd, costUsd);
  span.end();
}

function toolsByName({ tools = [], retrieval }: AgentOptions): ReadonlyMap<string, Tool> {
  const byName = new Map<string, Tool>();
  for (const tool of tools) {
    const { name } = tool.definition;
    if (byName.has(name) || (retrieval?.when === 'tool' && name === SEARCH_TOOL.name)) {
      throw new InvalidArgumentError({
        argument: 'tools',
        value: name,
        expected:
          'tools with names of their own (search_documents is taken by retrieval as a tool)',
      });
    }
    byName.set(name, tool);
  }
  return byName;
}
