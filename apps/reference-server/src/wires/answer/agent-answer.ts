import {
  createStreamCollector,
  type Agent,
  type AgentCallSettings,
  type Citation,
  type FinishReason,
  type Guardrails,
  type LanguageModelCallOptions,
  type ModelStreamPart,
  type RunEvent,
} from '@espalier/core';
import { upstreamClosed } from '../forward/upstream-fault.js';
import { unsupported, WireError } from '../wire-error.js';
import type { RunInfo, WiresContext } from '../wires-context.js';
import type { AnswerSource } from './answer-source.js';

const TEXT_ID = 'text';
const REASONING_ID = 'reasoning';
const BETWEEN_STEPS = '\n\n';

type RunFinishReason = Extract<RunEvent, { type: 'run-finished' }>['finishReason'];

const FINISH: Readonly<Record<RunFinishReason, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content-filter',
  'step-limit': 'length',
  'cost-limit': 'length',
  blocked: 'content-filter',
  other: 'other',
};

/** What an agent's answer needs besides the call. */
export interface AgentAnswerOptions {
  readonly agent: Agent;
  /** Present where others than the agent's own hold. */
  readonly guardrails?: Guardrails | undefined;
  readonly run: RunInfo;
  readonly onRunEvent: NonNullable<WiresContext['onRunEvent']>;
}

/**
 * Answers with a run of an agent, told as the answer of one model.
 *
 * The tools that the agent runs by itself stay inside; every citation has its mark `[n]` in the text.
 *
 * @throws {WireError} `ERR_WIRE_UNSUPPORTED`: the call brings tools. `ERR_WIRE_RUN_PAUSED`: the run waits for a
 * person. `ERR_WIRE_RUN_FAILED`: it failed.
 */
export function createAgentAnswer(options: AgentAnswerOptions): AnswerSource {
  const stream = (call: LanguageModelCallOptions): AsyncGenerator<ModelStreamPart> =>
    partsOfRun(options, call);
  return {
    stream,
    async generate(call) {
      const collector = createStreamCollector();
      for await (const part of stream(call)) collector.add(part);
      const { content, finishReason, usage } = collector.read();
      return { content, finishReason: finishReason ?? 'other', usage };
    },
  };
}

async function* partsOfRun(
  options: AgentAnswerOptions,
  call: LanguageModelCallOptions,
): AsyncGenerator<ModelStreamPart> {
  if ((call.tools?.length ?? 0) > 0) {
    throw unsupported(
      'An agent brings its own tools; leave "tools" out, or name a model.',
      'tools',
    );
  }
  const { run } = options;
  const citations: Citation[] = [];
  let text = '';
  let stepBase = 0;
  let isReasoning = false;
  const settings = settingsOf(call);
  const events = options.agent.run({
    runId: run.runId,
    messages: call.messages,
    settings,
    ...(options.guardrails === undefined ? {} : { guardrails: options.guardrails }),
    ...(run.caller.principals === undefined ? {} : { principals: run.caller.principals }),
    ...(call.abortSignal === undefined ? {} : { abortSignal: call.abortSignal }),
  });
  for await (const event of events) {
    await options.onRunEvent(event, { ...run, settings });
    switch (event.type) {
      case 'text-delta':
        if (text === '') yield { type: 'text-start', id: TEXT_ID };
        text += event.text;
        yield { type: 'text-delta', id: TEXT_ID, text: event.text };
        break;
      case 'reasoning-delta':
        if (!isReasoning) yield { type: 'reasoning-start', id: REASONING_ID };
        isReasoning = true;
        yield { type: 'reasoning-delta', id: REASONING_ID, text: event.text };
        break;
      case 'step-started':
        if (text !== '') {
          text += BETWEEN_STEPS;
          yield { type: 'text-delta', id: TEXT_ID, text: BETWEEN_STEPS };
        }
        stepBase = text.length;
        break;
      case 'citation': {
        const citation = shifted(event.citation, stepBase);
        citations.push(citation);
        yield { type: 'citation', citation };
        break;
      }
      case 'run-finished': {
        const whole = event.message.content
          .filter((part) => part.type === 'text')
          .map((part) => part.text)
          .join('');
        if (text === '') yield { type: 'text-start', id: TEXT_ID };
        // A rail may have put a text in place of all that the model said.
        const unsaid = text.length === stepBase ? whole : '';
        const tail = unsaid + missingMarks(text + unsaid, citations);
        if (tail !== '') yield { type: 'text-delta', id: TEXT_ID, text: tail };
        if (isReasoning) yield { type: 'reasoning-end', id: REASONING_ID };
        yield { type: 'text-end', id: TEXT_ID };
        yield { type: 'finish', finishReason: FINISH[event.finishReason], usage: event.usage };
        return;
      }
      case 'run-paused':
        throw runPaused(
          run,
          event.requests.map((request) => request.toolName),
        );
      case 'run-failed':
        throw runFailed(event.error);
      case 'run-cancelled':
        call.abortSignal?.throwIfAborted();
        throw runFailed({
          code: 'ERR_WIRE_RUN_CANCELLED',
          message: `The run ${run.runId} was cancelled.`,
        });
      case 'run-started':
      case 'retrieval':
      case 'model-request':
      case 'rail':
      case 'rails-checked':
      case 'tool-input-start':
      case 'tool-call':
      case 'tool-result':
      case 'warning':
      case 'step-finished':
        break;
    }
  }
  call.abortSignal?.throwIfAborted();
  throw upstreamClosed();
}

function settingsOf(call: LanguageModelCallOptions): AgentCallSettings {
  const {
    maxOutputTokens,
    temperature,
    topP,
    seed,
    stopSequences,
    responseFormat,
    reasoningEffort,
  } = call;
  return {
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(seed === undefined ? {} : { seed }),
    ...(stopSequences === undefined ? {} : { stopSequences }),
    ...(responseFormat === undefined ? {} : { responseFormat }),
    ...(reasoningEffort === undefined ? {} : { reasoningEffort }),
  };
}

function shifted(citation: Citation, by: number): Citation {
  if (by === 0 || citation.answerSpan === undefined) return citation;
  const { start, end } = citation.answerSpan;
  return { ...citation, answerSpan: { start: start + by, end: end + by } };
}

function missingMarks(text: string, citations: readonly Citation[]): string {
  const marks = new Set(citations.map((citation) => `[${citation.index}]`));
  const missing = [...marks].filter((mark) => !text.includes(mark));
  return missing.length === 0 ? '' : ` ${missing.join('')}`;
}

function runPaused(run: RunInfo, toolNames: readonly string[]): WireError {
  return new WireError({
    kind: 'invalid-request',
    // Not 409: clients would start the run again.
    status: 422,
    code: 'ERR_WIRE_RUN_PAUSED',
    message: `The run ${run.runId} of agent "${run.agent}" waits for a person to approve ${toolNames.join(', ')}. Decide with POST /api/v1/runs/${run.runId}/approve; this wire cannot go on with it.`,
    openaiCode: 'run_paused',
  });
}

function runFailed(error: { code: string; message: string }): WireError {
  const isTimeout = /TIMEOUT|IDLE/u.test(error.code);
  const isLimit = /RATE_LIMIT/u.test(error.code);
  return new WireError({
    kind: isLimit
      ? 'rate-limit'
      : isTimeout
        ? 'timeout'
        : error.code.startsWith('ERR_INFERENCE')
          ? 'upstream'
          : 'internal',
    code: 'ERR_WIRE_RUN_FAILED',
    message: `The run failed (${error.code}): ${error.message}`,
  });
}
