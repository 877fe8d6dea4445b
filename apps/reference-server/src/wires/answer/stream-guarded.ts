import type {
  Guardrails,
  GuardRelease,
  LanguageModel,
  LanguageModelCallOptions,
  ModelStreamPart,
  ToolCallPart,
} from '@espalier/core';
import { createGuardedTexts, type GuardedTexts } from '../forward/guarded-texts.js';
import { upstreamClosed } from '../forward/upstream-fault.js';
import {
  beginAttempts,
  preambleOf,
  type AnswerAttempts,
  type DeniedCall,
} from './answer-attempts.js';
import { guardCall, guardsCalls } from './guard-calls.js';

/** The state of one attempt. */
interface Attempt {
  readonly texts: GuardedTexts;
  readonly denied: DeniedCall[];
  readonly passed: ToolCallPart[];
  /** What the model wrote. */
  written: string;
  /** Set when a rail stops the answer. */
  stopped?: { readonly feedback: string | undefined };
  finish?: Extract<ModelStreamPart, { type: 'finish' }>;
}

/** Answers piece by piece, behind the rails. */
export async function* streamGuarded(
  model: LanguageModel,
  guardrails: Guardrails,
  given: LanguageModelCallOptions,
): AsyncGenerator<ModelStreamPart> {
  const attempts = await beginAttempts(guardrails, given);
  let preamble = preambleOf(guardrails, given);
  /** Whether the caller has seen any content, so that nothing can be taken back. */
  let isBegun = false;
  for (;;) {
    const attempt: Attempt = {
      texts: createGuardedTexts(guardrails),
      denied: [],
      passed: [],
      written: '',
    };
    let released = '';
    for await (const part of partsOf(model, guardrails, attempts, attempt)) {
      if (part.type === 'text-delta' && preamble !== undefined) {
        yield { ...part, text: preamble + part.text };
        released += preamble + part.text;
        preamble = undefined;
      } else {
        yield part;
        if (part.type === 'text-delta') released += part.text;
      }
      isBegun ||= part.type.endsWith('-delta') || part.type === 'tool-call';
    }
    const { stopped, finish, denied, passed } = attempt;
    attempts.addUsage(finish?.usage ?? {});
    if (stopped !== undefined) {
      if (stopped.feedback !== undefined && !isBegun && attempts.reask(stopped.feedback)) continue;
    } else if (finish === undefined) {
      throw upstreamClosed();
    } else if (denied.length === 0 || passed.length > 0) {
      const { logProbabilities, ...rest } = finish;
      yield {
        ...rest,
        usage: attempts.usage,
        // Tokens tell the text: what a rail took out of it must not stand there.
        ...(logProbabilities && released === attempt.written && { logProbabilities }),
      };
      return;
    } else if (attempts.refuse(denied)) {
      continue;
    }
    yield { type: 'finish', finishReason: 'content-filter', usage: attempts.usage };
    return;
  }
}

/** The parts of one attempt that may go out; what came of it stands in `attempt` afterwards. */
async function* partsOf(
  model: LanguageModel,
  guardrails: Guardrails,
  { call, number }: AnswerAttempts,
  attempt: Attempt,
): AsyncGenerator<ModelStreamPart> {
  const holdsCalls = guardsCalls(guardrails);
  const isReask = number > 0;
  // Texts of several attempts are told apart.
  const idOf = (id: string): string => (isReask ? `${number}:${id}` : id);
  const take = (release: GuardRelease | undefined): string => {
    if (release?.isBlocked === true) attempt.stopped = { feedback: release.feedback };
    return release?.text ?? '';
  };
  /** Texts that have begun, by whether the caller knows: a text of which nothing goes out may be asked for anew. */
  const isShown = new Map<string, boolean>();
  const show = function* (
    type: 'text-delta' | 'reasoning-delta',
    id: string,
    text: string,
  ): Generator<ModelStreamPart> {
    if (text === '') return;
    const start = type === 'text-delta' ? 'text-start' : 'reasoning-start';
    const key = `${type}:${id}`;
    if (isShown.get(key) === false) yield { type: start, id: idOf(id) };
    isShown.set(key, true);
    yield { type, id: idOf(id), text };
  };
  const { stream } = await model.doStream(call);
  for await (const part of stream) {
    switch (part.type) {
      case 'text-start':
        isShown.set(`text-delta:${part.id}`, false);
        break;
      case 'reasoning-start':
        isShown.set(`reasoning-delta:${part.id}`, false);
        break;
      case 'text-delta':
      case 'reasoning-delta': {
        if (part.type === 'text-delta') attempt.written += part.text;
        const text = take(await attempt.texts.push(`${part.type}:${part.id}`, part.text));
        yield* show(part.type, part.id, text);
        break;
      }
      case 'text-end':
      case 'reasoning-end': {
        const type = part.type === 'text-end' ? 'text-delta' : 'reasoning-delta';
        yield* show(type, part.id, take(await attempt.texts.end(`${type}:${part.id}`)));
        if (attempt.stopped === undefined && isShown.get(`${type}:${part.id}`) !== false)
          yield { ...part, id: idOf(part.id) };
        break;
      }
      case 'tool-input-start':
        if (guardrails.judgeToolCall === undefined) yield part;
        break;
      case 'tool-input-delta':
        // Arguments are shown whole, after the rails have seen them whole.
        if (!holdsCalls) yield part;
        break;
      case 'tool-call': {
        const guarded = await guardCall(guardrails, part, {
          messages: call.messages,
          earlierCalls: attempt.passed,
        });
        if (guarded.action === 'block') attempt.stopped = { feedback: undefined };
        else if (guarded.action === 'deny')
          attempt.denied.push({ call: toolCallPartOf(part), reason: guarded.reason });
        else {
          attempt.passed.push(toolCallPartOf(guarded.call));
          yield { ...part, input: guarded.call.input };
        }
        break;
      }
      case 'finish': {
        attempt.finish = part;
        for (const key of attempt.texts.openKeys()) {
          const [type = '', id = ''] = key.split(/:(.*)/su);
          yield* show(type as 'text-delta', id, take(await attempt.texts.end(key)));
          if (attempt.stopped !== undefined) return;
        }
        return;
      }
      default:
        yield part;
    }
    if (attempt.stopped !== undefined) return;
  }
}

function toolCallPartOf({ toolCallId, toolName, input }: ToolCallPart): ToolCallPart {
  return { type: 'tool-call', toolCallId, toolName, input };
}
